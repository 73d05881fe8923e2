package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"whyloop/mailer"
)

// A keyring is what lies in the key file: the secrets from which Message-IDs, reply tokens and our own mark are
// derived, the newest first, which signs, and the one that keys the hashes of those who left. Each has a line of
// its own: an ID, the day it was made, and the secret. A file of one bare secret is a ring of one key, "a".
type keyring struct {
	keys []ringKey
	left ringKey // stays for good: under another secret a hash of before would match nobody
}

type ringKey struct {
	id     string
	day    string // 2026-11-24; "" when it is not known
	secret string
}

// String hides the secrets from anything that prints the ring.
func (keyring) String() string { return "keyring" }

// GoString hides them from %#v too.
func (keyring) GoString() string { return "keyring{...}" }

// String and GoString hide a single one.
func (k ringKey) String() string   { return "key " + k.id }
func (k ringKey) GoString() string { return k.String() }

const (
	keySize  = 32 // of a secret, in bytes
	leftKey  = "left"
	firstKey = "a"
	keyIDs   = "abcdefghijklmnopqrstuvwxyz0123456789"
)

// loadKey reads the ring at path, making one at the first start. Losing it means that replies to
// letters already sent find nobody but by the address they come from.
func loadKey(path string) (keyring, error) {
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return keyring{}, err
	}
	r, err := readRing(data)
	if err != nil {
		return keyring{}, fmt.Errorf("key file %s %w", path, err)
	}
	return r, nil
}

func makeKey(path string) (keyring, error) {
	r := keyring{keys: []ringKey{{id: firstKey, secret: newSecret()}}}
	if err := writeNew(path, []byte(r.keys[0].secret+"\n")); err != nil {
		return keyring{}, fmt.Errorf("make key: %w", err)
	}
	r.left = r.keys[0]
	return r, nil
}

// newSecret is 260 bits, printable.
func newSecret() string { return rand.Text() + rand.Text() }

// readRing reads a key file. The errors are a predicate of its name, and hold no secret.
func readRing(data []byte) (keyring, error) {
	var r keyring
	n := 0
	for line := range bytes.Lines(data) {
		n++
		f := strings.Fields(string(line))
		switch {
		case len(f) == 0:
			continue
		case len(f) == 1 && len(r.keys) == 0:
			f = []string{firstKey, "-", f[0]}
		case len(f) != 3:
			return r, fmt.Errorf("is damaged in line %d: want an ID, a day and a secret; restore it from a backup", n)
		}
		k := ringKey{id: f[0], day: strings.TrimPrefix(f[1], "-"), secret: f[2]}
		switch {
		case len(k.secret) < keySize:
			return r, errors.New("is cut short: restore it from a backup, or remove it to begin with a new key")
		case k.id == leftKey:
			r.left = k
		case len(k.id) != 1 || !strings.Contains(keyIDs, k.id):
			return r, fmt.Errorf("is damaged in line %d: an ID is one lower-case letter or digit; restore it from a backup", n)
		default:
			r.keys = append(r.keys, k)
		}
	}
	if len(r.keys) == 0 {
		return r, errors.New("is cut short: restore it from a backup, or remove it to begin with a new key")
	}
	if r.left.id == "" {
		r.left = r.keys[len(r.keys)-1]
	}
	_, err := r.mailKeys()
	return r, err
}

// mailKeys are the keys as the mailer takes them, the one that signs first.
func (r keyring) mailKeys() (mailer.Keys, error) {
	var keys []mailer.Key
	for _, k := range r.keys {
		keys = append(keys, mailer.Key{ID: k.id[0], Secret: []byte(k.secret)})
	}
	return mailer.NewKeys(keys...)
}

// bytes is the file. What keys the hashes is named apart, so that it outlives the key it once was.
func (r keyring) bytes() []byte {
	var b bytes.Buffer
	r.left.id = leftKey
	for _, k := range append(r.keys[:len(r.keys):len(r.keys)], r.left) {
		day := k.day
		if day == "" {
			day = "-"
		}
		fmt.Fprintln(&b, k.id, day, k.secret)
	}
	return b.Bytes()
}

// rotated puts a new key before the others.
func (r keyring) rotated(now time.Time) (keyring, error) {
	used := ""
	for _, k := range r.keys {
		used += k.id
	}
	// The next after the newest: an ID that was retired comes again only once all others have been.
	from := strings.Index(keyIDs, r.keys[0].id) + 1
	for _, id := range keyIDs[from:] + keyIDs[:from] {
		if !strings.ContainsRune(used, id) {
			fresh := ringKey{id: string(id), day: now.UTC().Format(time.DateOnly), secret: newSecret()}
			return keyring{keys: append([]ringKey{fresh}, r.keys...), left: r.left}, nil
		}
	}
	return r, errors.New("every ID is in use; retire the oldest keys first")
}

// without takes a key out.
func (r keyring) without(id string) (keyring, error) {
	for i, k := range r.keys {
		switch {
		case k.id != id:
		case i == 0:
			return r, fmt.Errorf("key %s signs what goes out now; first make another with \"whyloop key rotate\"", id)
		default:
			rest := append(r.keys[:i:i], r.keys[i+1:]...)
			return keyring{keys: rest, left: r.left}, nil
		}
	}
	return r, fmt.Errorf("there is no key %s; \"whyloop key list\" shows all", id)
}

// tells says what the keys do: "b signs since 2026-11-24; a is still believed".
func (r keyring) tells() string {
	var all []string
	for i, k := range r.keys {
		does := " is still believed"
		if i == 0 {
			does = " signs"
			if k.day != "" {
				does += " since " + k.day
			}
		}
		all = append(all, k.id+does)
	}
	return strings.Join(all, "; ")
}
