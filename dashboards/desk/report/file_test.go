package report

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"winnow/storage/view"
)

func TestFileName(t *testing.T) {
	for campaign, want := range map[string]string{
		"Lantern march #RiverCity2031":    `attachment; filename="winnow-report-Lantern-march-RiverCity2031-2031-06-12.html"`,
		"حملة الضوء":                      `attachment; filename="winnow-report-____-_____-2031-06-12.html"; filename*=UTF-8''winnow-report-%D8%AD%D9%85%D9%84%D8%A9-%D8%A7%D9%84%D8%B6%D9%88%D8%A1-2031-06-12.html`,
		"../../etc/passwd":                `attachment; filename="winnow-report-etc-passwd-2031-06-12.html"`,
		"a\"b;c%41\r\nX-Evil: 1\u202ecod": `attachment; filename="winnow-report-a-b-c-41-X-Evil-1-cod-2031-06-12.html"`,
		"\u202e \x00":                     `attachment; filename="winnow-report-campaign-2031-06-12.html"`,
		"":                                `attachment; filename="winnow-report-campaign-2031-06-12.html"`,
		strings.Repeat("ab ", 40):         `attachment; filename="winnow-report-` + strings.TrimSuffix(strings.Repeat("ab-", 20), "-") + `-2031-06-12.html"`,
		"\xff\xfe":                        `attachment; filename="winnow-report-campaign-2031-06-12.html"`,
	} {
		h := http.Header{}
		Options{Campaign: campaign, Now: made}.SetHeader(h, 5)
		if got := h.Get("Content-Disposition"); got != want {
			t.Errorf("%q: %s, want %s", campaign, got, want)
		}
	}
	if got := FileName(Options{Campaign: "c", Identities: true, Now: made}); got != "winnow-report-c-2031-06-12-with-identities.html" {
		t.Error(got)
	}
}

// elements are those that a report is made of; there is no other, whatever the store
// holds.
var elements = []string{
	"html", "head", "meta", "title", "style", "body", "aside", "strong", "em", "main", "header", "p", "h1", "h2", "h3", "bdi", "dl", "div", "dt", "dd", "time", "nav", "ol", "li",
	"a", "section", "ul", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "article", "span", "code", "footer",
	"svg", "desc", "defs", "pattern", "rect", "line", "path", "text", "circle",
}

// audit looks at every element of a report.
func audit(t *testing.T, file string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	ids, refs, level := map[string]bool{}, []string{}, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) {
			t.Errorf("there is an element %s", n.Data)
		}
		if strings.HasPrefix(n.Data, "h") && len(n.Data) == 2 {
			if next := int(n.Data[1] - '0'); next > level+1 {
				t.Errorf("%s follows h%d", n.Data, level)
			} else {
				level = next
			}
		}
		scoped := false
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src":
				t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "href":
				if !strings.HasPrefix(a.Val, "#") {
					t.Errorf("a link leads to %q", a.Val)
				}
				refs = append(refs, strings.TrimPrefix(a.Val, "#"))
			case a.Key == "aria-labelledby":
				refs = append(refs, strings.Fields(a.Val)...)
			case a.Key == "id":
				if ids[a.Val] {
					t.Errorf("two elements are named %s", a.Val)
				}
				ids[a.Val] = true
			}
			scoped = scoped || a.Key == "scope"
		}
		if n.Data == "th" && !scoped {
			t.Error("a header of a table does not say what it heads")
		}
	}
	for _, ref := range refs {
		if !ids[ref] {
			t.Errorf("nothing is named %q", ref)
		}
	}
	if strings.Count(file, `<html lang="en" dir="ltr">`) != 1 || strings.Count(file, "<style>") != 1 ||
		!strings.Contains(file, `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`) {
		t.Error("no language, no style or no content policy")
	}
	_, style, _ := strings.Cut(file, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	for _, bad := range []string{"url(", "@import", "http:", "https:", "ZgotmplZ"} {
		if strings.Contains(style, bad) {
			t.Errorf("the style holds %q", bad)
		}
	}
	if strings.Contains(file, "ZgotmplZ") || strings.Contains(file, "<no value>") {
		t.Error("a value has no place where it stands")
	}
}

func TestSelfContained(t *testing.T) {
	for _, o := range []Options{{}, {Identities: true, Demo: true}} {
		audit(t, write(t, march(), o))
	}
}

// Whatever stands in names, tags, labels and ids, it stays text.
func TestHostileText(t *testing.T) {
	for _, evil := range []string{
		`"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}` + "\u202e&#106;/?#%2f",
		`</title></style><style>@import "https://evil.example"</style>`,
		`</svg><svg onload=alert(1)><a href="javascript:alert(1)">x</a>`,
		`--><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">`,
		"]]>\x00<iframe srcdoc='<script>1</script>'>\u2028",
		`' autofocus onfocus=alert(1) x='`,
	} {
		s := march()
		s.summary.Name = evil
		for i := range s.measures {
			s.measures[i].Platform = evil
		}
		for i := range s.findings {
			f := &s.findings[i]
			early := f.Early()
			f.Campaign, f.ID, f.Sentence, f.Target, f.TargetHandle = evil, evil+string(rune('a'+i)), evil, evil, evil
			if i > 0 && !early {
				f.Kind, f.Confidence, f.Verdict.Judgement = evil, evil, evil
			}
			if f.Declared != "" {
				f.Declared = evil
			}
			for k := range f.AccountRows {
				f.AccountRows[k].Platform, f.AccountRows[k].Handle = evil, evil
			}
			f.AccountRows = append(f.AccountRows, view.FindingAccount{AccountID: evil})
			for k := range f.ObjectRows {
				f.ObjectRows[k].Kind, f.ObjectRows[k].Label = evil, evil
			}
			f.ObjectRows = append(f.ObjectRows, view.FindingObject{Kind: "moment", ID: evil})
			for k := range f.EvidenceRows {
				f.EvidenceRows[k].Kind, f.EvidenceRows[k].ObjectKind, f.EvidenceRows[k].Terms[0].Name = evil, evil, evil
			}
		}
		for i := range s.changes {
			s.changes[i].Sentence, s.changes[i].Tag, s.changes[i].Direction = evil, evil, evil
		}
		for i := range s.gaps {
			s.gaps[i].Source, s.gaps[i].Platform, s.gaps[i].Cause, s.gaps[i].Fill = evil, evil, evil, evil
		}
		for i := range s.coverage {
			s.coverage[i].Source, s.coverage[i].Platform = evil, evil
		}
		for _, o := range []Options{{Campaign: evil}, {Campaign: evil, Identities: true}} {
			file := write(t, s, o)
			audit(t, file)
			if !strings.Contains(file, "alert") && !strings.Contains(file, "evil.example") && !strings.Contains(file, "iframe") {
				t.Error("the texts are not told at all")
			}
		}
	}
}
