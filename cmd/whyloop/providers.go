package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// preset is what is particular at a provider, from its own help pages. docs/providers says the same to people.
type preset struct {
	name, title string
	imap, smtp  serverConfig
	junk        string // the folder for suspected spam
	keepInbox   bool   // moving handled mail means something else there
	perMinute   int    // 0: the default
	trust       trustConfig
	oauth       string   // provider of [oauth]; "" where tokens are not to be had
	tokens      bool     // tokens are the usual way in
	password    string   // what it takes for a password
	domains     []string // of its own addresses
	mx          []string // where the mail of domains it hosts goes: the end of the host's name
	spf         string   // the term that lets it send (RFC 7208 §5)
	notes       []string // what an admin must know, a line each
}

// The names of providers that init takes.
const (
	presetOther = "other"
	presetAuto  = "auto"
)

func presets() []preset {
	tls := func(host string, port int) serverConfig {
		return serverConfig{Server: host, Port: port, TLS: tlsDirect}
	}
	start := func(host string, port int) serverConfig { return serverConfig{Server: host, Port: port, TLS: tlsStart} }
	return []preset{
		{name: "google", title: "Google Workspace or Gmail", imap: tls("imap.gmail.com", 993), smtp: start("smtp.gmail.com", 587), keepInbox: true,
			trust: trustConfig{AuthservID: "mx.google.com"}, oauth: providerGoogle,
			password: "an app password of 16 letters (two-step verification must be on)", domains: []string{"gmail.com", "googlemail.com"},
			mx: []string{".google.com", ".googlemail.com"}, spf: "include:_spf.google.com",
			notes: []string{"Moving a mail there means labelling it, so handled mail stays in the inbox; and a copy of each letter stays in Sent, which nobody else should open.", "For Workspace an app of your own (OAuth2) is the better way: whyloop init --sign-in oauth."}},
		{name: "microsoft", title: "Microsoft 365", imap: tls("outlook.office365.com", 993), smtp: start("smtp.office365.com", 587), junk: "Junk Email", perMinute: 25,
			trust: trustConfig{Profile: profileExchangeOnline}, oauth: providerMicrosoft, tokens: true,
			mx: []string{".mail.protection.outlook.com", ".mx.microsoft"}, spf: "include:spf.protection.outlook.com",
			notes: []string{"It takes no passwords from programs: an app in your directory signs in, limited to this one mailbox. docs/providers/microsoft-365.md has each step.", "It takes 30 letters a minute."}},
		{name: "fastmail", title: "Fastmail", imap: tls("imap.fastmail.com", 993), smtp: tls("smtp.fastmail.com", 465), junk: "Spam",
			password: "an app password with access to IMAP and SMTP", domains: []string{"fastmail.com", "fastmail.fm"}, mx: []string{".messagingengine.com"}, spf: "include:spf.messagingengine.com"},
		{name: "icloud", title: "iCloud Mail", imap: tls("imap.mail.me.com", 993), smtp: start("smtp.mail.me.com", 587), junk: "Junk",
			password: "an app-specific password", domains: []string{"icloud.com", "me.com", "mac.com"}, mx: []string{".mail.icloud.com"}, spf: "include:icloud.com",
			notes: []string{"If IMAP refuses the sign-in, imap.username is the part before the @ alone."}},
		{name: "zoho", title: "Zoho Mail", imap: tls("imappro.zoho.com", 993), smtp: tls("smtppro.zoho.com", 465), junk: "Spam",
			password: "an app password where two-factor sign-in is on, else the account's", domains: []string{"zohomail.com"}, mx: []string{".zoho.com", ".zoho.eu", ".zoho.in", ".zoho.com.au", ".zoho.jp"},
			spf: "include:zoho.com", notes: []string{"IMAP must be switched on in the mailbox's settings. An account without a domain of its own has imap.zoho.com and smtp.zoho.com."}},
		{name: presetOther, title: "another provider, or your own server", imap: serverConfig{Port: 993, TLS: tlsDirect}, smtp: serverConfig{Port: 587, TLS: tlsStart},
			password: "the mailbox's password, or an app password where there is two-step sign-in", spf: "mx"},
	}
}

// presetNamed is the one of that name, and that of no provider known for any other.
func presetNamed(name string) preset {
	all := presets()
	if i := slices.IndexFunc(all, func(p preset) bool { return p.name == name }); i >= 0 {
		return all[i]
	}
	return all[len(all)-1]
}

// presetFor is the provider of a domain: by its name, or by where its mail goes. A server before the mailbox (a filter
// service) hides the provider; then none is known.
func presetFor(domain string, mx []string) preset {
	for _, p := range presets() {
		if slices.Contains(p.domains, domain) {
			return p
		}
		for _, host := range mx {
			host = strings.ToLower(strings.TrimSuffix(host, "."))
			if slices.ContainsFunc(p.mx, func(end string) bool { return strings.HasSuffix(host, end) }) {
				return p.inRegion(host)
			}
		}
	}
	return presetNamed(presetOther)
}

// zohoRegion is the end of a Zoho host: each region has servers of its own.
var zohoRegion = regexp.MustCompile(`\.zoho\.([a-z.]+)$`)

func (p preset) inRegion(mx string) preset {
	if m := zohoRegion.FindStringSubmatch(mx); p.name == "zoho" && m != nil {
		p.imap.Server, p.smtp.Server, p.spf = "imappro.zoho."+m[1], "smtppro.zoho."+m[1], "include:zoho."+m[1]
	}
	return p
}

// presetOf is the provider whose SMTP server it is.
func presetOf(smtp string) preset {
	for _, p := range presets() {
		if p.smtp.Server != "" && p.smtp.Server == smtp {
			return p
		}
	}
	return presetNamed(presetOther)
}

func (p preset) spfTerm() string { return cmp.Or(p.spf, "mx") }

// configure writes what is particular there into c.
func (p preset) configure(c *Config) {
	c.IMAP.Server, c.IMAP.Port, c.IMAP.TLS, c.IMAP.Junk = p.imap.Server, p.imap.Port, p.imap.TLS, p.junk
	c.SMTP.Server, c.SMTP.Port, c.SMTP.TLS = p.smtp.Server, p.smtp.Port, p.smtp.TLS
	c.SMTP.PerMinute = cmp.Or(p.perMinute, c.SMTP.PerMinute)
	c.Trust.AuthservID, c.Trust.Profile = p.trust.AuthservID, cmp.Or(p.trust.Profile, c.Trust.Profile)
	if p.keepInbox {
		c.IMAP.Processed = ""
	}
}
