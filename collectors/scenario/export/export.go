package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"winnow/collectors/scenario"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// The files' names.
const (
	PostsFile   = "posts.csv"
	LabelsFile  = "labels.csv"
	AttacksFile = "attacks.csv"
)

// Summary says how much was written.
type Summary struct {
	Campaign                   string
	Posts, Accounts, Instances int
	AttackPosts                int
}

// Write writes a scenario into a folder, which is made if it is not there.
// Files of the same names are replaced.
func Write(dir string, s *scenario.Scenario) (sum Summary, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return sum, fmt.Errorf("making the folder to export to: %w", err)
	}
	sum.Campaign = s.Campaigns()[0].Name
	matcher, err := campaign.NewMatcher(s.Campaigns())
	if err != nil {
		return sum, fmt.Errorf("reading the story's campaigns: %w", err)
	}
	accounts, written := map[string]bool{}, map[string]string{}
	err = table(dir, PostsFile, "campaign,content_id,account_id,timestamp_share,is_retweet,retweet_of,reply_to,hashtags,urls,text", func(w *csv.Writer) error {
		for p := range s.Posts() {
			if !slices.Contains(matcher.Match(nil, p), sum.Campaign) {
				continue
			}
			accounts[p.Account.ID], written[p.ID] = true, p.Account.ID
			sum.Posts++
			if err := w.Write(row(sum.Campaign, p)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return sum, err
	}
	sum.Accounts = len(accounts)
	err = table(dir, LabelsFile, "account_id,label,attack", func(w *csv.Writer) error {
		for _, l := range s.Labels() {
			if !accounts[l.AccountID] {
				continue
			}
			if err := w.Write([]string{l.AccountID, label(l.Role), string(l.Role)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return sum, err
	}
	return sum, table(dir, AttacksFile, "content_id,account_id,attack,instance", func(w *csv.Writer) error {
		for _, p := range s.Planted() {
			if !scenario.Role(p.Kind).Attacks() {
				continue
			}
			before := sum.AttackPosts
			for _, id := range p.PostIDs {
				who, ok := written[id]
				if !ok {
					continue
				}
				sum.AttackPosts++
				if err := w.Write([]string{id, who, p.Kind, p.Name}); err != nil {
					return err
				}
			}
			if sum.AttackPosts > before {
				sum.Instances++
			}
		}
		return nil
	})
}

// label is the column of that name.
func label(r scenario.Role) string {
	switch {
	case r.Attacks():
		return "1"
	case r.Neither():
		return ""
	default:
		return "0"
	}
}

// row is a post in the columns of posts.csv.
func row(campaign string, p *post.Post) []string {
	tags := make([]string, len(p.Tags))
	for i, t := range p.Tags {
		tags[i] = t.Posted
	}
	repost, text := "0", p.Text
	if p.Kind == post.Repost {
		// Tables of X name the author in the text.
		if repost = "1"; p.Platform == post.X {
			text = "RT @" + p.RepostOf.Handle + ": " + text
		}
	}
	return []string{
		campaign, p.ID, p.Account.ID, strconv.FormatInt(p.PostedAt.Unix(), 10), repost, p.RepostOf.PostID, p.ReplyTo.PostID,
		strings.Join(tags, " "), strings.Join(p.Links, " "), text,
	}
}

// table writes one file.
func table(dir, name, head string, rows func(*csv.Writer) error) (err error) {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	if err := w.Write(strings.Split(head, ",")); err != nil {
		return fmt.Errorf("exporting %s: %w", name, err)
	}
	if err := rows(w); err != nil {
		return fmt.Errorf("exporting %s: %w", name, err)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("exporting %s: %w", name, err)
	}
	return nil
}
