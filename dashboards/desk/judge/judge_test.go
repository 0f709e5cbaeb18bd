package judge_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/judge"
	"winnow/dashboards/desk/words"
	"winnow/storage"
	"winnow/storage/view"
)

var en = words.InEnglish(time.UTC, time.Now)

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		verdict, note string
		want          storage.Judgement
		wantNote      string
		problem       string
	}{
		"confirmed":           {verdict: "confirmed", want: storage.Confirmed},
		"explained":           {verdict: "explained", note: "  our own call\r\nof Friday\t(see chat) ", want: storage.Explained, wantNote: "our own call\nof Friday (see chat)"},
		"wrong":               {verdict: "wrong", note: "الحافلة <b>", want: storage.Wrong, wantNote: "الحافلة <b>"},
		"taken back":          {verdict: "take-back", want: storage.Unjudged},
		"nothing chosen":      {note: "why", problem: "Choose what you say"},
		"an empty judgement":  {verdict: "", problem: "Choose what you say"},
		"another word":        {verdict: "guilty", problem: "Choose what you say"},
		"as long as it may":   {verdict: "wrong", note: strings.Repeat("ə", judge.MaxNote), want: storage.Wrong, wantNote: strings.Repeat("ə", judge.MaxNote)},
		"lines count once":    {verdict: "wrong", note: strings.Repeat("a\r\n", judge.MaxNote/2), want: storage.Wrong, wantNote: strings.TrimSpace(strings.Repeat("a\n", judge.MaxNote/2))},
		"too long":            {verdict: "wrong", note: strings.Repeat("a", judge.MaxNote+1), problem: "2,001 characters; up to 2,000 fit"},
		"control characters":  {verdict: "wrong", note: "a\x1b[31mb", problem: "no text"},
		"a lone return":       {verdict: "wrong", note: "a\rb", problem: "no text"},
		"a zero":              {verdict: "wrong", note: "a\x00b", problem: "no text"},
		"what is not UTF-8":   {verdict: "wrong", note: "a\xff", problem: "no text"},
		"C1 control sequence": {verdict: "wrong", note: "a\u009bb", problem: "no text"},
	} {
		t.Run(name, func(t *testing.T) {
			got, note, problem := judge.Read(en, url.Values{"verdict": {test.verdict}, "note": {test.note}})
			if test.problem != "" {
				if !strings.Contains(problem, test.problem) || note != "" || got != "" {
					t.Errorf("%q, note %q, problem %q", got, note, problem)
				}
				return
			}
			if got != test.want || note != test.wantNote || problem != "" {
				t.Errorf("%q, note %q, problem %q", got, note, problem)
			}
		})
	}
}

// What may be taken back was said before, and a form that was refused comes back as it
// was filled in.
func TestPanel(t *testing.T) {
	fresh := judge.NewPanel("/x", view.Verdict{}, nil)
	judged := judge.NewPanel("/x", view.Verdict{Judgement: "wrong"}, nil)
	if len(fresh.Choices) != 3 || len(judged.Choices) != 4 || judged.Choices[3].Value != "take-back" {
		t.Errorf("choices %+v and %+v", fresh.Choices, judged.Choices)
	}
	again := judged.Refuse(url.Values{"verdict": {"explained"}, "note": {"a\x1bb"}}, "because")
	if again.Note != "a\x1bb" || again.Problem != "because" || !again.Choices[1].Chosen || again.Choices[2].Chosen {
		t.Errorf("%+v", again)
	}
	if judged.Choices[1].Chosen {
		t.Error("another reader's form is filled in too")
	}
	if p := fresh.Refuse(url.Values{"note": {"\xff"}}, "because"); p.Note != "" {
		t.Errorf("note %q", p.Note)
	}
	for _, c := range judged.Choices {
		if c.Does == "" || c.Name == "" {
			t.Errorf("%s does not say what it does", c.Value)
		}
	}
}

func TestTold(t *testing.T) {
	for judgement, want := range map[string]string{"": "", "wrong": "judged wrong", "explained": "explained", "confirmed": "confirmed", "odd": "odd"} {
		if got := judge.Told(en, judgement); got != want {
			t.Errorf("%q is told as %q", judgement, got)
		}
	}
	if judge.Who(en, "") == "" || judge.Who(en, "anna") != "anna" {
		t.Error("nobody said it")
	}
}
