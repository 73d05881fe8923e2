package parser

// Caps before work: each is checked before the work it bounds is begun.
const (
	MaxSize      = 10 << 20  // bytes of a mail
	MaxHeader    = 256 << 10 // bytes of the top header
	MaxDepth     = 30        // multiparts inside each other
	MaxParts     = 200       // parts of a mail
	MaxAddresses = 100       // addresses of one header field
	maxLine      = 10 << 10  // bytes of a line that patterns are tried on
	maxFields    = 2000      // fields of one header
	maxText      = 1 << 20   // bytes of text taken from a mail
	maxPartHead  = 64 << 10  // bytes of a part's header
	maxTries     = 5000      // texts tried as attributions of one body
	maxSigs      = 5         // DKIM signatures checked
)
