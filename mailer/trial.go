package mailer

import (
	"crypto/hmac"
	"crypto/rand"
	"regexp"
	"strings"
	"time"
)

// A trial is a mail by which an admin finds out how mail fares: one from the mailbox to itself, or one that
// a person is asked to send. In its subject stands a mark that only the key can make, so that
// a daemon that reads it too knows it and does nothing about it.

// trialPattern is the form of a mark: a nonce, and the MAC of nonce and day.
var trialPattern = regexp.MustCompile(`\bcheck-([a-z2-7]{6})-([a-z0-9]{12})\b`)

// forTrial is what a mark is derived under.
const forTrial = "trial"

// TrialMark makes a mark that is good on the day (UTC) of now and the next.
func (k Keys) TrialMark(now time.Time) string {
	nonce := strings.ToLower(rand.Text()[:6])
	return "check-" + nonce + "-" + k.trialMAC(k.keys[0], nonce, now)
}

// trialMAC is short enough to be typed: guessing one, in 2^55 tries, makes us leave one's own mail alone.
func (Keys) trialMAC(key Key, nonce string, day time.Time) string {
	return key.mac(forTrial, nonce+" "+day.UTC().Format(time.DateOnly))[:12]
}

// IsTrial tells whether a subject holds a mark of ours that is still good.
func (k Keys) IsTrial(subject string, now time.Time) bool {
	for _, m := range trialPattern.FindAllStringSubmatch(subject, 4) {
		for _, key := range k.keys {
			for _, day := range []time.Time{now, now.AddDate(0, 0, -1)} {
				if hmac.Equal([]byte(m[2]), []byte(k.trialMAC(key, m[1], day))) {
					return true
				}
			}
		}
	}
	return false
}
