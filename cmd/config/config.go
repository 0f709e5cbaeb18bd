package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"winnow/cmd/config/strict"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// Config is everything that an operator can set. The zero value is not usable;
// Load("") gives the defaults.
type Config struct {
	// DataDir holds the embedded log and store. A relative path counts from
	// the configuration file's directory; "~/" is the home directory.
	DataDir string `yaml:"data_dir"`
	// LogLevel is the least severity to log: debug, info, warn or error.
	LogLevel   string     `yaml:"log_level"`
	Log        Log        `yaml:"log"`
	Store      Store      `yaml:"store"`
	Desk       Desk       `yaml:"desk"`
	Engine     Engine     `yaml:"engine"`
	Campaigns  []Campaign `yaml:"campaigns"`
	Collectors Collectors `yaml:"collectors"`
	Notify     Notify     `yaml:"notify"`
	Evidence   Evidence   `yaml:"evidence"`
}

// Log is the log between collectors and pipeline.
type Log struct {
	// URL is that of a NATS server with JetStream; empty for the embedded one.
	URL     Secret `yaml:"url"`
	URLFile string `yaml:"url_file"`
	// MaxBytes is how much the log holds before collectors have to wait.
	MaxBytes Size `yaml:"max_bytes"`
}

// Store is where posts and findings are kept.
type Store struct {
	// URL is that of a ClickHouse server,
	// http://user:password@host:8123/database; empty for the embedded one.
	URL     Secret `yaml:"url"`
	URLFile string `yaml:"url_file"`
	// Cluster is the name of the ClickHouse cluster behind URL, over which the
	// tables are spread; empty for one server.
	Cluster string `yaml:"cluster"`
}

// Engine is the embedded store.
type Engine struct {
	// Listen is the address at which others, such as Grafana, may read it as
	// a ClickHouse server; empty for none.
	Listen string `yaml:"listen"`
	// Password is the reading user's, required with Listen.
	Password     Secret `yaml:"password"`
	PasswordFile string `yaml:"password_file"`
	// WriterPassword lets the user "winnow" in at Listen, who may do everything;
	// empty keeps it out.
	WriterPassword     Secret `yaml:"writer_password"`
	WriterPasswordFile string `yaml:"writer_password_file"`
	// Memory is the most that the engine may use.
	Memory Size `yaml:"memory"`
	// Library is the path of the engine's shared library; empty to look in
	// the usual places.
	Library string `yaml:"library"`
}

// Campaign is what the operator watches; see campaign.Campaign.
type Campaign struct {
	Name      string      `yaml:"name"`
	Tags      []string    `yaml:"tags"`
	Terms     []string    `yaml:"terms"`
	Protected []Protected `yaml:"protected"`
	Declared  []Declared  `yaml:"declared"`
	// KeepDays is for how many days posts are kept; 0 is for ever.
	KeepDays uint64 `yaml:"keep_days"`
	// Evidence keeps posts as they were received, too.
	Evidence bool `yaml:"evidence"`
}

// Protected is an account that a campaign looks after. In the file it is
// {platform: x, account: "@name"} or "x:@name", or "@name" for any platform.
type Protected struct {
	Platform string `yaml:"platform"`
	Account  string `yaml:"account"`
}

// Form implements strict.Scalar.
func (*Protected) Form() string { return `an account like "x:@name"` }

// Scan reads the short form.
func (p *Protected) Scan(text string) error {
	read, ok := campaign.ParseProtected(text)
	if !ok {
		return fmt.Errorf("unknown platform before the colon; write one of %s, or no platform at all", strings.Join(platforms, ", "))
	}
	*p = Protected{Platform: string(read.Platform), Account: read.Account}
	return nil
}

// Declared is an action that a campaign announced itself; To is excluded.
type Declared struct {
	Name  string    `yaml:"name"`
	From  time.Time `yaml:"from"`
	To    time.Time `yaml:"to"`
	Tags  []string  `yaml:"tags"`
	Texts []string  `yaml:"texts"`
}

// defaults returns the configuration of who configures nothing.
func defaults() Config {
	return Config{
		DataDir:  defaultDataDir(),
		LogLevel: "info",
		Log:      Log{MaxBytes: 4 << 30},
		Desk:     Desk{Listen: "127.0.0.1:8010", Campaigns: Editable},
		Engine:   Engine{Memory: 2 << 30},
		Evidence: Evidence{Deleted: EraseDeleted, Witness: Witness{Every: Span(24 * time.Hour)}},
	}
}

// defaultDataDir is "winnow" in the data directory of the XDG Base Directory
// Specification, and empty if this user has no home. As that demands, a
// relative XDG_DATA_HOME counts as none.
func defaultDataDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "winnow")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "winnow")
}

// Load reads the configuration file at path over the defaults; "" means the
// defaults alone. Its error is a strict.Problems if the file could be read.
func Load(path string) (Config, error) {
	if path == "" {
		c := defaults()
		return c, c.Validate()
	}
	data, err := readFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse reads the text of a configuration file over the defaults. The path is for
// messages, and for what relative paths count from. Its error is a strict.Problems.
func Parse(path string, data []byte) (Config, error) {
	c := defaults()
	d := strict.NewDecoder(path)
	d.Document(data, &c)
	for _, one := range append(c.Evidence.paths(), &c.DataDir, &c.Engine.Library, &c.Desk.UsersFile, &c.Desk.TLSCertFile, &c.Desk.TLSKeyFile) {
		*one = resolve(path, *one)
	}
	c.secrets(func(at string, s *Secret, file *string) {
		*file = resolve(path, *file)
		readSecret(d, at, s, *file)
	})
	for _, p := range c.check() {
		d.Add(p.Path, p.Text)
	}
	if err := d.Err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// secrets calls f for every secret with its path and the name of its file.
func (c *Config) secrets(f func(path string, s *Secret, file *string)) {
	f("log.url", &c.Log.URL, &c.Log.URLFile)
	f("store.url", &c.Store.URL, &c.Store.URLFile)
	f("desk.first_password", &c.Desk.FirstPassword, &c.Desk.FirstPasswordFile)
	f("desk.metrics_token", &c.Desk.MetricsToken, &c.Desk.MetricsTokenFile)
	f("engine.password", &c.Engine.Password, &c.Engine.PasswordFile)
	f("engine.writer_password", &c.Engine.WriterPassword, &c.Engine.WriterPasswordFile)
	c.Collectors.secrets(f)
	c.Notify.secrets(f)
	c.Evidence.secrets(f)
}

// Dump writes the configuration as it counts, with defaults filled in and
// secrets hidden.
func (c Config) Dump(w io.Writer) error {
	// A secret that stands in a file is told by its file alone. The sources
	// are behind pointers and receivers in a list, so the caller's are left as they are.
	c.Collectors, c.Notify, c.Evidence = c.Collectors.clone(), c.Notify.clone(), c.Evidence.clone()
	c.secrets(func(_ string, s *Secret, file *string) {
		if *file != "" {
			*s = ""
		}
	})
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(c); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if err := enc.Close(); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}

// CampaignList returns the campaigns in the pipeline's words.
func (c Config) CampaignList() []campaign.Campaign {
	list := make([]campaign.Campaign, 0, len(c.Campaigns))
	for _, in := range c.Campaigns {
		out := campaign.Campaign{Name: in.Name, Tags: in.Tags, Terms: in.Terms, Keep: time.Duration(in.KeepDays) * day, Evidence: in.Evidence}
		for _, p := range in.Protected {
			out.Protected = append(out.Protected, campaign.Protected{Platform: post.Platform(p.Platform), Account: p.Account})
		}
		for _, d := range in.Declared {
			out.Declared = append(out.Declared, campaign.Declared(d))
		}
		list = append(list, out)
	}
	return list
}

const day = 24 * time.Hour

// CampaignOf is a campaign of the pipeline as the file has it, the reverse of
// CampaignList.
func CampaignOf(in campaign.Campaign) Campaign {
	out := Campaign{Name: in.Name, Tags: in.Tags, Terms: in.Terms, KeepDays: uint64(max(in.Keep, 0) / day), Evidence: in.Evidence}
	for _, p := range in.Protected {
		out.Protected = append(out.Protected, Protected{Platform: string(p.Platform), Account: p.Account})
	}
	for _, d := range in.Declared {
		out.Declared = append(out.Declared, Declared(d))
	}
	return out
}
