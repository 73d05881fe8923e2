package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestTrackingImages: a reply may be full of what a mail client would load. Nothing of ours asks for any of it, neither when
// it is read nor when it is answered, held, or shown; and no letter of ours carries an address to ask.
func TestTrackingImages(t *testing.T) {
	var hits atomic.Int32
	listener := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer listener.Close()
	if r, err := http.Get(listener.URL); err != nil || hits.Load() != 1 {
		t.Fatalf("the listener counts nothing: %v, %v", r, err)
	} else if err := r.Body.Close(); err != nil {
		t.Fatal(err)
	}
	hits.Store(0)
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	page := strings.ReplaceAll(`<html><head><link rel="stylesheet" href="URL/css"><style>@import "URL/import"; body { background: url(URL/bg) }</style><base href="URL/"></head>
<body background="URL/body"><div>close twenty deals</div><img src="URL/pixel.gif" width=1 height=1><img srcset="URL/a 2x"><iframe src="URL/frame"></iframe><video poster="URL/p" src="URL/v"></video>
<object data="URL/o"></object><embed src="URL/e"><svg><image href="URL/svg"/></svg><script src="URL/js"></script><meta http-equiv="refresh" content="0;url=URL/refresh"></body></html>`, "URL", listener.URL)
	write := func(from string, to mailText) {
		raw := []byte("From: Sam <" + from + ">\r\nTo: " + to.ReplyTo + "\r\nSubject: Re: x\r\nMessage-ID: <" + fmt.Sprint(p.uid) + "@client.invalid>\r\nIn-Reply-To: " + to.MessageID +
			"\r\nDate: " + p.clock.Now().Format(time.RFC1123Z) + "\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nDisposition-Notification-To: <eve@elsewhere.example>\r\n\r\n" +
			strings.ReplaceAll(page, "\n", "\r\n"))
		p.write(0, from, raw)
		p.pass(time.Hour)
	}
	write(rep, goal)
	if got := p.stored(rep).Ladder.Goal; got != "close twenty deals" {
		t.Fatalf("goal %q", got)
	}
	write("eve@elsewhere.example", p.last(rep)) // held, and the rep is asked
	held, err := p.store.Held(t.Context())
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	if got := call(t, "", "--config", p.path, "held", "show", "--body", held[0].ID); got.code != exitOK {
		t.Error(got)
	}
	p.says(rep, p.last(rep), "see "+listener.URL+"/answer and www.elsewhere.example")
	p.pass(time.Hour)
	letters := 0
	for _, raw := range p.raws {
		letters++
		text, err := everything(raw)
		if err != nil {
			t.Fatal(err)
		}
		if k := strings.LastIndex(strings.ToLower(string(text)), "<html"); k < 0 {
			t.Error("a letter without HTML")
		} else {
			checkElements(t, string(text[k:]))
		}
		for _, field := range []string{"Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To", "List-Unsubscribe"} {
			if bytes.Contains(bytes.ToLower(raw), []byte("\r\n"+strings.ToLower(field))) {
				t.Errorf("a letter asks for a receipt: %s", field)
			}
		}
	}
	if hits.Load() != 0 || letters < 4 {
		t.Errorf("%d hits, %d letters looked at", hits.Load(), letters)
	}
}
