package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// Names of files in a campaign's folder.
const (
	identityFile = "campaign"
	headsFile    = "heads"
	noticesFile  = "witness/log"
	recordsDir   = "records"
	witnessDir   = "witness"
	unfinished   = ".new"
	removed      = ".removed"
)

func chainFile(segment int) string   { return fmt.Sprintf("%06d.chain", segment) }
func contentFile(segment int) string { return fmt.Sprintf("%06d.content", segment) }

// recordFile is where an excerpt has a single record.
func recordFile(number uint64) string { return fmt.Sprintf("%s/%d.txt", recordsDir, number) }

// answerFile is where the answer of a witness lies, by the number of its notice.
func answerFile(notice int) string { return fmt.Sprintf("%s/%d.tsr", witnessDir, notice) }

// Folder is the name of a campaign's folder.
func Folder(campaign string) string {
	sum := sha256.Sum256([]byte(campaign))
	return hex.EncodeToString(sum[:8])
}

var folderName = regexp.MustCompile(`^[0-9a-f]{16}$`)

// identity is what the file "campaign" says.
type identity struct {
	Campaign string    `json:"campaign"`
	Begun    time.Time `json:"begun"`
	// Nonce keeps the name of the campaign from being guessed by the hash of this.
	Nonce string `json:"nonce"`

	chain chain.Hash
}

func (i identity) text() ([]byte, error) {
	text, err := json.Marshal(i)
	return append(text, '\n'), err
}

func parseIdentity(text []byte) (identity, error) {
	var i identity
	if err := json.Unmarshal(text, &i); err != nil || i.Nonce == "" {
		return identity{}, errors.New("it does not say whose evidence this is")
	}
	i.chain = chain.Of(text)
	return i, nil
}

// folder reads the files of one campaign.
type folder struct {
	fs.FS
	codec *content.Codec
}

// maxText bounds a file of text that is read at once, in bytes: a segment of a hundred
// thousand records.
const maxText = 1 << 24

// text reads a file, and nothing where there is none.
func (f folder) text(name string) ([]byte, error) {
	file, err := f.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, maxText+1))
	if err == nil && len(data) > maxText {
		err = fmt.Errorf("%s is larger than %d bytes, which is not of Winnow's making", name, maxText)
	}
	return data, err
}

func (f folder) identity() (identity, error) {
	text, err := f.text(identityFile)
	if err != nil {
		return identity{}, err
	}
	return parseIdentity(text)
}

// listing is what lies in the folder.
type listing struct {
	chains, contents map[int]bool
	records          []uint64
	answers          map[int]bool
	// last is the highest segment of all.
	last int
	// strange are names that are none of ours.
	strange []string
}

func (f folder) list() (listing, error) {
	l := listing{chains: map[int]bool{}, contents: map[int]bool{}, answers: map[int]bool{}}
	err := fs.WalkDir(f, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && name != recordsDir && name != witnessDir {
				l.strange = append(l.strange, name)
				return fs.SkipDir
			}
			return nil
		}
		l.add(name)
		return nil
	})
	return l, err
}

func (l *listing) add(name string) {
	base, kind, _ := strings.Cut(name, ".")
	n, err := strconv.Atoi(base[strings.LastIndexByte(base, '/')+1:])
	numbered := err == nil && n > 0
	switch {
	case name == identityFile, name == headsFile, name == noticesFile:
	case numbered && kind == "chain" && name == chainFile(n):
		l.chains[n], l.last = true, max(l.last, n)
	case numbered && kind == "content" && name == contentFile(n):
		l.contents[n], l.last = true, max(l.last, n)
	case numbered && name == recordFile(uint64(n)):
		l.records = append(l.records, uint64(n))
	case numbered && name == answerFile(n):
		l.answers[n] = true
	default:
		l.strange = append(l.strange, name)
	}
}

// segment reads a segment of the chain; ok is false where there is none.
func (f folder) segment(n int) (s chain.Segment, faults []chain.Fault, ok bool, err error) {
	text, err := f.text(chainFile(n))
	if err != nil || text == nil {
		return s, nil, false, err
	}
	s, faults = chain.ReadSegment(text)
	return s, faults, true, nil
}

// blocks hands out the content of a segment, block by block, and returns how many bytes
// were whole. Where there is no file, there is no block.
func (f folder) blocks(n int, each func(content.Block) error) (int64, error) {
	file, err := f.Open(contentFile(n))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }() // it was only read
	r := f.codec.Reader(file)
	for {
		b, err := r.Next()
		if err == io.EOF {
			return r.Bytes(), nil
		}
		if err != nil {
			return r.Bytes(), fmt.Errorf("%s: %w", contentFile(n), err)
		}
		if err := each(b); err != nil {
			return r.Bytes(), err
		}
	}
}
