package cast

// Base32 is the alphabet of DIDs and record keys on Bluesky, in sorting order.
const Base32 = "234567abcdefghijklmnopqrstuvwxyz"

// appendDID appends a DID of 24 characters after "did:plc:", the first ten of
// which say that it is made up.
func appendDID(b []byte, n, salt uint64) []byte {
	b = append(b, "did:plc:winnowdemo"...)
	for shift := 30; shift >= 0; shift -= 5 {
		b = append(b, Base32[n>>shift&31])
	}
	for shift := 30; shift >= 0; shift -= 5 {
		b = append(b, Base32[salt>>shift&31])
	}
	return b
}
