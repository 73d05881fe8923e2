package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// judgeConfig says whom to ask for a second opinion. Its zero value asks nobody.
type judgeConfig struct {
	URL, Model  string
	Key         Secret
	AllowRemote bool
	Timeout     time.Duration
}

// maxOpinion is the longest that a mail may wait for a second opinion.
const maxOpinion = 10 * time.Second

// given: somebody is asked at all.
func (j judgeConfig) given() bool { return j.URL != "" }

// remote reports whether answers may leave this machine, so that reps have to be told. allow_remote
// says so by itself: what listens here may pass on what it gets.
func (j judgeConfig) remote() bool { return j.given() && (j.AllowRemote || !j.here()) }

// here reports whether the endpoint is on this machine.
func (j judgeConfig) here() bool {
	u, err := url.Parse(j.URL)
	return err == nil && loopback(u.Hostname())
}

// endpoint is where questions are posted: the URL is an API's base, or the endpoint itself.
func (j judgeConfig) endpoint() string {
	const path = "/chat/completions"
	base := strings.TrimRight(j.URL, "/")
	if strings.HasSuffix(base, path) {
		return base
	}
	return base + path
}

func (c *Config) judgeSection() section {
	j := &c.Judge
	return section{"judge", "A second opinion, off unless a URL is given: where whyloop is unsure whether an answer repeats an earlier one, a chat model is asked. See second-opinion.md.", []setting{
		{key: "url", value: text(&j.URL, isModelURL), example: `"http://127.0.0.1:11434/v1"`,
			doc: "The base of an OpenAI-compatible API (Ollama, llama.cpp, vLLM); questions are posted to chat/completions below it. Plain http only on this machine."},
		{key: "model", value: text(&j.Model), example: `"the-model-you-run"`, doc: "The model's name, as that server lists it."},
		{key: "api_key_file", value: text(&j.Key.File), example: `"judge-key"`, doc: "A file that holds the API key, mode 0600, where the server wants one."},
		{key: "api_key_command", value: commandValue{&j.Key.Command}, example: `["pass", "show", "judge"]`, doc: "Or a program that prints it, run without a shell."},
		{key: "allow_remote", value: yesNo(&j.AllowRemote),
			doc: "The URL may be on another machine. Answers then leave this one, and every rep is told before their first answer and in every footer. Also set it where something on this machine passes them on."},
		{key: "timeout", value: span(&j.Timeout, time.Second, maxOpinion), doc: "How long to wait for an opinion; the mail waits with it."},
	}}
}

// isModelURL accepts a bare http or https URL.
func isModelURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("want a URL like \"http://127.0.0.1:11434/v1\", got %q", s)
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return fmt.Errorf("want a URL without a user, a question mark or a hash; a key goes into api_key_file")
	}
	return nil
}

// checkJudge checks what no single value of [judge] shows.
func (r *configReader) checkJudge(j judgeConfig) {
	if !j.given() {
		return
	}
	u, err := url.Parse(j.URL)
	if err != nil {
		return
	}
	switch {
	case !j.here() && !j.AllowRemote:
		r.complain("judge.url", "judge.url: %q is not this machine, and answers would leave it; use one on 127.0.0.1, or write allow_remote = true, and every rep is told", u.Hostname())
	case !j.here() && u.Scheme != "https":
		r.complain("judge.url", "judge.url: answers would cross the network in the clear; use https for %q", u.Hostname())
	}
	if j.Model == "" {
		r.complain("judge", "[judge] model is missing; judge.url needs it")
	}
	if j.Key.File != "" && len(j.Key.Command) > 0 {
		r.complain("judge.api_key_command", "[judge] has both api_key_file and api_key_command; keep one")
	}
}
