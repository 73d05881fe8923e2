package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// everything is what a mail's reader can see, in whatever way: its bytes, its header fields
// decoded, its parts decoded, one below the other.
func everything(raw []byte) ([]byte, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return raw, err
	}
	b := bytes.NewBuffer(bytes.Clone(raw))
	var dec mime.WordDecoder
	for name, values := range m.Header {
		for _, v := range values {
			text, err := dec.DecodeHeader(v)
			if err != nil {
				return raw, err
			}
			fmt.Fprintf(b, "\n%s: %s", name, text)
		}
	}
	err = decode(b, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return b.Bytes(), err
}

func decode(b *bytes.Buffer, contentType, encoding string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil && contentType != "" {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				err = decode(b, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
			}
			if err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b.WriteByte('\n')
	_, err = io.Copy(b, body)
	return err
}
