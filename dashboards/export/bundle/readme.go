package bundle

import (
	"fmt"
	"strings"

	"winnow/dashboards/export"
	"winnow/dashboards/export/seal"
)

// readme tells a receiver what this is and how to check it, without Winnow.
func readme(d export.Dataset, files []seal.File, signer *seal.Signer) []byte {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	line("A finding of Winnow, with its evidence")
	line("")
	line("Finding " + d.Finding.ID + ", of the kind " + d.Finding.Kind + ".")
	line("Begin with report.html: any browser opens it, without a network.")
	line("")
	if d.Profile == export.Prove {
		line("THIS NAMES PEOPLE. It holds the names of accounts and what they wrote. Whoever is")
		line("named may have taken part without knowing. Keep it encrypted, give it to nobody who")
		line("does not need it, and do not publish it.")
	} else {
		line("This names nobody: accounts, posts and what was shared are numbers that begin with")
		line("h:. The same account has the same number in all bundles of this campaign, and no")
		line("one but its sender can tell who it is. Texts, names, links, mentions and what")
		line("profiles say are left out.")
	}
	line("")
	line("What it claims: these accounts acted together in time, more than chance explains.")
	line("What it does not claim: that anybody is fake, automated, paid or wrong, who is behind")
	line("it, or that each account took part knowingly.")
	line("")
	line("Files")
	line("")
	width := 0
	for _, f := range files {
		width = max(width, len(f.Path))
	}
	for _, f := range files {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, f.Path, f.What)
	}
	line("")
	line("How to see that nothing was changed")
	line("")
	line("1. Unpack everything into one folder and open a terminal there.")
	line("   Linux:    sha256sum --check " + seal.SumsFile)
	line("   macOS:    shasum -a 256 --check " + seal.SumsFile)
	line("   Windows:  certutil -hashfile FILE SHA256, and compare with " + seal.SumsFile)
	line("   Each file must be OK, and there must be no file that is not listed, but for")
	line("   " + seal.SumsFile + " itself and " + seal.SignatureFile + ".")
	line("")
	if signer != nil {
		line("2. See who signed it. Ask the sender for the public key on another way than this")
		line("   file came, and write it behind the word \"sender\" into a file named \"signers\":")
		line("       sender ssh-ed25519 AAAA...")
		line("   Then, with the program ssh-keygen, which Linux, macOS and Windows have:")
		line("       ssh-keygen -Y verify -f signers -I sender -n " + seal.Namespace + " \\")
		line("           -s " + seal.SignatureFile + " < " + seal.SumsFile)
		line("   It was signed with the key " + signer.Public().Fingerprint() + ".")
		line("   That line could have been changed too: only the key that the sender tells counts.")
	} else {
		line("2. It is not signed: the sums say that the files fit each other, and nothing about")
		line("   who made them. Ask the sender for the sum of " + seal.SumsFile + " on another way.")
	}
	line("")
	line("3. With Winnow, \"winnow evidence verify FILE\" does all of this at once, with the file")
	line("   as it was sent.")
	line("")
	line("How to check the finding itself")
	line("")
	line("  data/evidence.csv has every number that its bits are made of, method.json the")
	line("  parameters; the page on the method, docs/detection.md of Winnow, has each formula.")
	line("  data/posts.csv has the columns that CooRTweet (R) reads, in front of its own.")
	line("  network/*.gexf opens in Gephi, with the times; *.graphml in igraph and networkx.")
	line("  stix.json is STIX 2.1, with techniques of DISARM.")
	return []byte(b.String())
}
