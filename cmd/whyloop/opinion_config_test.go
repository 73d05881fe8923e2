package main

import (
	"strings"
	"testing"
)

func TestJudgeConfig(t *testing.T) {
	for _, c := range []struct {
		judge, want string // what is wrong; "" for nothing
		remote      bool
	}{
		{"", "", false},
		{`allow_remote = true`, "", false},
		{"url = \"http://127.0.0.1:11434/v1\"\nmodel = \"m\"", "", false},
		{"url = \"http://localhost:8080/v1/chat/completions\"\nmodel = \"m\"\ntimeout = \"3s\"", "", false},
		{"url = \"http://[::1]:8080/v1\"\nmodel = \"m\"", "", false},
		{"url = \"http://127.0.0.1:4000/v1\"\nmodel = \"m\"\nallow_remote = true", "", true},
		{"url = \"https://models.example.com/v1\"\nmodel = \"m\"\nallow_remote = true", "", true},
		{"url = \"https://models.example.com/v1\"\nmodel = \"m\"", `judge.url: "models.example.com" is not this machine, and answers would leave it; use one on 127.0.0.1, or write allow_remote = true`, false},
		{"url = \"https://127.0.0.1.example.com/v1\"\nmodel = \"m\"", `is not this machine`, false},
		{"url = \"https://10.0.0.7/v1\"\nmodel = \"m\"", `is not this machine`, false},
		{"url = \"http://models.example.com/v1\"\nmodel = \"m\"\nallow_remote = true", "use https", false},
		{"url = \"http://127.0.0.1:11434/v1\"", "[judge] model is missing", false},
		{"url = \"http://127.0.0.1@models.example.com/v1\"\nmodel = \"m\"", "without a user", false},
		{"url = \"http://127.0.0.1/v1?key=x\"\nmodel = \"m\"", "a key goes into api_key_file", false},
		{"url = \"127.0.0.1:11434\"\nmodel = \"m\"", "want a URL like", false},
		{"url = \"http://127.0.0.1/v1\"\nmodel = \"m\"\ntimeout = \"11s\"", "from 1s to 10s", false},
		{"url = \"http://127.0.0.1/v1\"\nmodel = \"m\"\napi_key_file = \"k\"\napi_key_command = [\"k\"]", "keep one", false},
	} {
		got, err := loadConfig(writeConfig(t, smallConfig+"[judge]\n"+c.judge+"\n"))
		if c.want == "" && (err != nil || got.policy().RemoteJudge != c.remote || (got.opinion != nil) != strings.Contains(c.judge, "url")) {
			t.Errorf("%s: %v, remote %v", c.judge, err, got.policy().RemoteJudge)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v, want one line with %q", c.judge, err, c.want)
		}
	}
}

func TestJudgeEndpoint(t *testing.T) {
	for in, want := range map[string]string{"http://h/v1": "http://h/v1/chat/completions", "http://h/v1/": "http://h/v1/chat/completions", "http://h/x/chat/completions": "http://h/x/chat/completions"} {
		if got := (judgeConfig{URL: in}).endpoint(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestCheckJudge(t *testing.T) {
	o := newOracle(t, completion(`{"repeats":3,"sure":0.9}`))
	c := Config{Judge: judgeConfig{URL: o.URL, Model: "m", Timeout: maxOpinion}}
	look := func() finding { return c.lookAtJudge(t.Context()) }
	if f := look(); f.State != stateOK || !strings.HasPrefix(f.Found, "m answers in ") {
		t.Error(f)
	}
	if !strings.Contains(o.raw[0], "being free of debt") {
		t.Errorf("it asked %s", o.raw[0])
	}
	o.say(completion(`{"repeats":null,"sure":0.9}`))
	c.Judge.AllowRemote = true
	if f := look(); f.State != stateWarn || !strings.Contains(f.Found, "it missed") || !strings.Contains(f.Found, "every rep is told") {
		t.Error(f)
	}
	o.say(failing(404))
	if f := look(); f.State != stateFail || !strings.Contains(f.Found, "404") || !strings.Contains(f.Mend, `has the model "m"`) {
		t.Error(f)
	}
	o.say(completion("I think it repeats 3"))
	if f := look(); !strings.Contains(f.Mend, "JSON schema") {
		t.Error(f)
	}
	o.Close()
	if f := look(); !strings.Contains(f.Mend, "nothing listens there") {
		t.Error(f)
	}
	if found := (Config{}).lookAtJudge(t.Context()); found.State != stateOK || !strings.HasPrefix(found.Found, "not used") {
		t.Error(found)
	}
}
