package profile

import (
	"testing"
	"time"

	"winnow/pipeline/post"
)

// FuzzDecode: whatever a service answers, a post that passed its check still
// does with what the answer says of its author.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"profiles":[{"did":"did:plc:1","handle":"a.example","displayName":"A","followersCount":5,"createdAt":"2024-01-02T03:04:05Z"},{"did":5}]}`))
	f.Add([]byte(`{"profiles":[{"did":"did:plc:1","handle":"handle.invalid","postsCount":-1,"createdAt":"9999-01-02T03:04:05Z"}]}`))
	f.Add([]byte(`{"profiles":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := decode(raw)
		if err != nil {
			return
		}
		for did, a := range got {
			p := post.Post{Platform: post.Bluesky, ID: "1", Kind: post.Original, Account: post.Account{ID: did}, PostedAt: time.Unix(1_790_000_000, 0)}
			p.Tidy()
			if p.Check() != nil {
				continue
			}
			a.fill(&p)
			if err := p.Check(); err != nil {
				t.Fatalf("%s made a post unfit: %v", raw, err)
			}
		}
	})
}
