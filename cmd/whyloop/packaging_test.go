package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func packaged(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{docsRoot, "packaging"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnit: the service runs a command that exists, as the user that owns what it reads and writes, and where
// systemd is installed it rates the service's isolation at 2.0 or better.
func TestUnit(t *testing.T) {
	unit := packaged(t, "systemd", "whyloop.service")
	exec1 := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(unit)
	if exec1 == nil {
		t.Fatal("no ExecStart")
	}
	args := strings.Fields(exec1[1])
	if _, err := commandLine(t).Parse(args[1:]); err != nil || args[0] != "/usr/bin/whyloop" {
		t.Errorf("ExecStart=%s: %v", exec1[1], err)
	}
	if ctl := packaged(t, "debian", "whyloopctl"); !strings.Contains(ctl, strings.Join(args[:3], " ")) {
		t.Errorf("whyloopctl does not use the service's configuration, %s", args[2])
	}
	for _, want := range []string{"Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "User=whyloop", "UMask=0077", "StateDirectory=whyloop", "WatchdogSec="} {
		if !strings.Contains(unit, "\n"+want) {
			t.Errorf("the unit lacks %s", want)
		}
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("no systemd here to rate the unit")
	}
	cmd := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=20", filepath.Join(docsRoot, "packaging", "systemd", "whyloop.service"))
	out, err := cmd.CombinedOutput()
	if err != nil && strings.Contains(string(out), "Overall exposure") {
		t.Errorf("%v\n%s", err, out[max(0, len(out)-200):])
	} else if err != nil {
		t.Skipf("systemd-analyze cannot work here: %v", err)
	}
}

// TestStopsWithinTheUnit: the service manager waits longer for an end than the daemon takes.
func TestStopsWithinTheUnit(t *testing.T) {
	unit := packaged(t, "systemd", "whyloop.service")
	if !strings.Contains(unit, "\nTimeoutStopSec=20s\n") || stopWithin.Seconds() >= 20 {
		t.Errorf("TimeoutStopSec must be 20s, and more than %v", stopWithin)
	}
	if !strings.Contains(unit, "\nWatchdogSec=90s\n") || 3*notifyEvery.Seconds() > 90 {
		t.Errorf("WatchdogSec must be 90s, and three times %v", notifyEvery)
	}
}

// TestPackageContents: what nfpm packs exists, or is made by build.sh.
func TestPackageContents(t *testing.T) {
	build := packaged(t, "build.sh")
	n := 0
	for _, m := range regexp.MustCompile(`(?m)src: "?([^",]+)"?|^  p[a-z]+: (packaging/.*)$`).FindAllStringSubmatch(packaged(t, "nfpm.yaml"), -1) {
		n++
		src := m[1] + m[2]
		rest, staged := strings.CutPrefix(src, "${STAGE}/")
		dir, _, sub := strings.Cut(rest, "/")
		switch {
		case !staged && !strings.Contains(src, "/"): // where a symbolic link leads
		case !staged:
			packaged(t, strings.TrimPrefix(src, "packaging/"))
		case sub && dir == "docs":
		case sub && slices.Contains([]string{"debian", "systemd", "monitoring"}, dir):
			if strings.HasSuffix(rest, "/") {
				continue
			}
			packaged(t, rest)
		default:
			made := strings.NewReplacer("whyloop.bash", "whyloop.$shell", "whyloop.zsh", "whyloop.$shell", "whyloop.fish", "whyloop.$shell").Replace(rest)
			if !strings.Contains(build, "/"+made) {
				t.Errorf("build.sh does not make %s", src)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d sources found in nfpm.yaml", n)
	}
}

// TestPackageScripts: shells can read them.
func TestPackageScripts(t *testing.T) {
	for _, pattern := range []string{"packaging/*.sh", "packaging/debian/*", ".ci/*"} {
		paths, err := filepath.Glob(filepath.Join(docsRoot, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			info, err := os.Stat(path)
			if err != nil || info.IsDir() {
				continue
			}
			if info.Mode()&0o111 == 0 {
				t.Errorf("%s cannot be executed", path)
			}
			shell := "sh"
			if text, _ := os.ReadFile(path); strings.HasPrefix(string(text), "#!/usr/bin/env bash") {
				shell = "bash"
			}
			if out, err := exec.Command(shell, "-n", path).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", path, err, out)
			}
		}
	}
}

// TestRules lets Prometheus' own tool try the alert rules, where it is installed.
func TestRules(t *testing.T) {
	if _, err := exec.LookPath("promtool"); err != nil {
		t.Skip("no promtool here (Debian: prometheus)")
	}
	for _, args := range [][]string{{"check", "rules", "whyloop.rules.yml"}, {"test", "rules", "whyloop.rules_test.yml"}} {
		cmd := exec.Command("promtool", args...)
		cmd.Dir = filepath.Join(docsRoot, "packaging", "monitoring")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// TestDocker reads the Dockerfile and the compose example as far as that goes without Docker: every instruction is one, what
// is copied is there, and both agree with the program, the package's build and each other.
func TestDocker(t *testing.T) {
	file, compose := packaged(t, "docker", "Dockerfile"), packaged(t, "docker", "compose.yaml")
	known := strings.Fields("FROM WORKDIR COPY RUN USER ENV VOLUME STOPSIGNAL ENTRYPOINT CMD")
	for line := range strings.Lines(strings.ReplaceAll(file, "\\\n", " ")) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if !slices.Contains(known, words[0]) || len(words) < 2 {
			t.Errorf("no instruction: %s", line)
		}
		if words[0] == "COPY" && !strings.HasPrefix(words[1], "--from=") {
			for _, from := range words[1 : len(words)-1] {
				if _, err := os.Stat(filepath.Join(docsRoot, from)); err != nil {
					t.Error(err)
				}
			}
		}
	}
	mod, err := os.ReadFile(filepath.Join(docsRoot, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	if version == nil || !strings.Contains(file, "FROM golang:"+string(version[1])+"-") {
		t.Errorf("it is not built by the Go of go.mod, %s", version)
	}
	tags := regexp.MustCompile(`-tags (\S+)`).FindStringSubmatch(packaged(t, "build.sh"))
	if tags == nil || !strings.Contains(file, tags[0]) {
		t.Errorf("it is not built with the tags of build.sh, %v", tags)
	}
	uid := regexp.MustCompile(`--uid (\d+)`).FindStringSubmatch(file)
	if uid == nil || strings.Count(compose, uid[1]) < 3 {
		t.Errorf("the files of the compose example do not belong to the user of the image, %v", uid)
	}
	dockerfile := regexp.MustCompile(`dockerfile: (\S+)`).FindStringSubmatch(compose)
	if dockerfile == nil || dockerfile[1] != "packaging/docker/Dockerfile" || !strings.Contains(compose, "context: ../..") {
		t.Errorf("compose builds %v", dockerfile)
	}
	for _, place := range []string{"/etc/whyloop", "/var/lib/whyloop"} {
		if !strings.Contains(file, `"`+place+`"`) || !strings.Contains(compose, ":"+place) {
			t.Errorf("%s is no volume in both", place)
		}
	}
	for _, text := range []string{file, compose} {
		if strings.Contains(text, "\t") || !strings.Contains(text, "UNTRIED") {
			t.Error("a tab, which YAML does not allow; or it is no longer said that it is untried")
		}
	}
}
