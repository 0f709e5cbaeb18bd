package words

// Languages by their index.
const (
	EN = iota
	AZ
	TR
	RU
	DE
	AR
	Languages
)

// Codes are the languages' codes by their index.
var Codes = [Languages]string{"en", "az", "tr", "ru", "de", "ar"}
