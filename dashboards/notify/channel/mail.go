package channel

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	netsmtp "net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/email/smtp"

	"winnow/dashboards/notify/message"
)

// mail is a mailbox, or several, behind a server of SMTP.
type mail struct {
	c    *smtp.Config
	from netmail.Address
	to   []netmail.Address
}

// newMail checks the addresses, so that none can begin another header.
func newMail(c *smtp.Config) (*mail, error) {
	from, err := netmail.ParseAddress(c.FromAddress)
	if err != nil || c.Host == "" {
		return nil, errors.New("no sender or no server")
	}
	m := &mail{c: c, from: netmail.Address{Name: message.Line(c.FromName), Address: from.Address}}
	if m.from.Name == "" {
		m.from.Name = "Winnow"
	}
	for _, to := range c.ToAddresses {
		a, err := netmail.ParseAddress(to)
		if err != nil {
			return nil, err
		}
		m.to = append(m.to, netmail.Address{Address: a.Address})
	}
	if c.Auth != smtp.AuthTypes.Unknown && c.Auth != smtp.AuthTypes.None && c.Auth != smtp.AuthTypes.Plain && c.Auth != smtp.AuthTypes.CRAMMD5 {
		return nil, advice("a mail server is given a user and a password (auth=Plain or auth=CRAMMD5); leave other ways out")
	}
	return m, nil
}

func (m *mail) host() string { return m.c.Host }

// plain is true if TLS is not wanted. Where it is, a server without it is refused.
func (m *mail) plain() bool {
	return m.c.Encryption == smtp.EncMethods.None || m.c.Encryption == smtp.EncMethods.Auto && m.c.Port != smtp.ImplicitTLSPort && !m.c.UseStartTLS
}

// implicit is true if TLS begins with the connection.
func (m *mail) implicit() bool {
	return m.c.Encryption == smtp.EncMethods.ImplicitTLS || m.c.Encryption == smtp.EncMethods.Auto && m.c.Port == smtp.ImplicitTLSPort
}

// send delivers one mail for all mailboxes, or none: what is refused for one of them
// is sent to nobody, so that trying again sends nothing twice.
func (m *mail) send(ctx context.Context, n network, msg message.Message) error {
	conn, err := n.dial(ctx, "tcp", net.JoinHostPort(m.c.Host, strconv.Itoa(int(m.c.Port))))
	if err != nil {
		return &Failure{Err: fmt.Errorf("connecting to the mail server: %w", bare(err))}
	}
	defer func() { _ = conn.Close() }() // it is closed by Quit where all is well
	// net/smtp knows no context, and waits for ever.
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(-time.Second)) })
	defer stop()
	if err := m.deliver(conn, n.private, msg); err != nil {
		return smtpFailure(err)
	}
	return nil
}

func (m *mail) deliver(conn net.Conn, private bool, msg message.Message) error {
	secure := &tls.Config{ServerName: m.c.Host, MinVersion: tls.VersionTLS12}
	if m.implicit() {
		conn = tls.Client(conn, secure)
	}
	c, err := netsmtp.NewClient(conn, m.c.Host)
	if err != nil {
		return err
	}
	hello := m.c.ClientHost
	if hello == "" || hello == "auto" { // the name of this machine is nobody's business
		hello = "localhost"
	}
	if err := c.Hello(hello); err != nil {
		return err
	}
	if !m.implicit() && !m.plain() {
		offered, _ := c.Extension("STARTTLS")
		switch {
		case offered:
			if err := c.StartTLS(secure); err != nil {
				return fmt.Errorf("beginning TLS: %w", err)
			}
		case !private || m.c.RequireStartTLS:
			return &Failure{Permanent: true, Err: errors.New("the mail server offers no TLS; use another port such as 465, or set allow_private if it is in your own network")}
		}
	}
	if auth := m.auth(); auth != nil {
		if err := c.Auth(auth); err != nil {
			return fmt.Errorf("logging in at the mail server: %w", err)
		}
	}
	if err := c.Mail(m.from.Address); err != nil {
		return err
	}
	for _, to := range m.to {
		if err := c.Rcpt(to.Address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.compose(msg, time.Now())); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = c.Quit() // the server has the mail
	return nil
}

func (m *mail) auth() netsmtp.Auth {
	switch {
	case m.c.Username == "" || m.c.Auth == smtp.AuthTypes.None:
		return nil
	case m.c.Auth == smtp.AuthTypes.CRAMMD5:
		return netsmtp.CRAMMD5Auth(m.c.Username, m.c.Password)
	}
	return netsmtp.PlainAuth("", m.c.Username, m.c.Password, m.c.Host)
}

// compose writes the mail by RFC 5322. The library writes subjects as they are, so
// that only those in ASCII arrive.
func (m *mail) compose(msg message.Message, now time.Time) []byte {
	var b bytes.Buffer
	header := func(key, value string) { b.WriteString(key + ": " + value + "\r\n") }
	to := make([]string, len(m.to))
	for i := range m.to {
		to[i] = m.to[i].String()
	}
	_, domain, _ := strings.Cut(m.from.Address, "@")
	header("From", m.from.String())
	header("To", strings.Join(to, ",\r\n "))
	header("Subject", mime.QEncoding.Encode("utf-8", message.Line(msg.Subject)))
	header("Date", now.UTC().Format(time.RFC1123Z))
	header("Message-ID", "<"+transaction(msg, m.from.Address)+"@"+domain+">")
	header("MIME-Version", "1.0")
	header("Content-Type", `text/plain; charset="utf-8"`)
	header("Content-Transfer-Encoding", "quoted-printable")
	header("Auto-Submitted", "auto-generated") // RFC 3834: no answer of a machine is wanted
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(strings.ReplaceAll(msg.Text(asIs), "\n", "\r\n") + "\r\n")) // a buffer takes everything
	_ = q.Close()
	return b.Bytes()
}

// smtpFailure says whether a server refused for good: RFC 5321, section 4.2.1.
func smtpFailure(err error) error {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		// The text may repeat who logged in.
		return &Failure{Permanent: reply.Code >= 500, Err: fmt.Errorf("the mail server answered %d", reply.Code)}
	}
	var certificate *tls.CertificateVerificationError
	return &Failure{Permanent: errors.As(err, &certificate), Err: fmt.Errorf("talking to the mail server: %w", err)}
}
