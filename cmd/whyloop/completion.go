package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is shown under the command's own --help.
func (completionCmd) Help() string {
	return `For the running shell alone:

  eval "$(whyloop completion bash)"
  eval "$(whyloop completion zsh)"
  whyloop completion fish | source`
}

// Run prints a script made from the same definition that the command line is read by.
func (cmd completionCmd) Run(env *environ, ctx *kong.Context) error {
	script := map[string]func([]place) string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[cmd.Shell]
	_, err := io.WriteString(env.stdout, script(places(ctx.Model.Node, "", ctx.Model.Flags)))
	return err
}

// place is somewhere on the command line: after these commands, these words may come.
type place struct {
	path  string // "rep add"; empty at the start
	words []word
}

// word is a command or a flag.
type word struct {
	text, help string
	flag       bool
	takes      bool     // a value follows
	values     []string // which, where they are known
}

// places walks the commands. The flags of all commands are known everywhere.
func places(n *kong.Node, path string, global []*kong.Flag) []place {
	here := place{path: path}
	var below []place
	for _, c := range n.Children {
		if c.Hidden {
			continue
		}
		here.words = append(here.words, word{text: c.Name, help: firstSentence(c.Help)})
		below = append(below, places(c, strings.TrimSpace(path+" "+c.Name), global)...)
	}
	flags := global
	if path != "" {
		flags = append(append([]*kong.Flag{}, n.Flags...), global...)
	}
	for _, f := range flags {
		if !f.Hidden {
			here.words = append(here.words, flagWord(f))
		}
	}
	for _, p := range n.Positional {
		for _, v := range p.EnumSlice() {
			here.words = append(here.words, word{text: v, help: p.Name})
		}
	}
	return append([]place{here}, below...)
}

func flagWord(f *kong.Flag) word {
	w := word{text: "--" + f.Name, help: firstSentence(f.Help), flag: true, takes: takesValue(f)}
	if w.takes {
		w.values = f.EnumSlice()
	}
	return w
}

func firstSentence(help string) string {
	first, _, _ := strings.Cut(help, ". ")
	first, _, _ = strings.Cut(first, ": ")
	return strings.TrimSuffix(first, ".")
}

// quoted is text for a shell, in single quotes.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// texts are the words alone.
func texts(words []word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return strings.Join(all, " ")
}

// whereCases finds the place: each known command on the line leads one step further.
func whereCases(ps []place) string {
	var all []string
	for _, p := range ps[1:] {
		all = append(all, quoted(p.path))
	}
	return strings.Join(all, "|")
}

// valueCases is what may follow a flag, as arms of a case over "place flag".
func valueCases(ps []place, known func(values string) string, files string) string {
	var b strings.Builder
	for _, p := range ps {
		for _, w := range p.words {
			switch {
			case len(w.values) > 0:
				fmt.Fprintf(&b, "    %s) %s; return ;;\n", quoted(p.path+" "+w.text), known(strings.Join(w.values, " ")))
			case w.takes:
				fmt.Fprintf(&b, "    %s) %s; return ;;\n", quoted(p.path+" "+w.text), files)
			}
		}
	}
	return b.String()
}

func bashScript(ps []place) string {
	var b strings.Builder
	b.WriteString("# bash completion for whyloop, made by \"whyloop completion bash\"\n_whyloop() {\n" +
		"  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} place= words= i\n" +
		"  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"${place:+$place }${COMP_WORDS[i]}\" in\n")
	fmt.Fprintf(&b, "    %s) place=\"${place:+$place }${COMP_WORDS[i]}\" ;;\n    esac\n  done\n", whereCases(ps))
	values := func(v string) string { return "COMPREPLY=($(compgen -W " + quoted(v) + " -- \"$cur\"))" }
	fmt.Fprintf(&b, "  case \"$place $prev\" in\n%s  esac\n", valueCases(ps, values, "COMPREPLY=($(compgen -f -- \"$cur\"))"))
	b.WriteString("  case \"$place\" in\n")
	for _, p := range ps {
		fmt.Fprintf(&b, "    %s) words=%s ;;\n", quoted(p.path), quoted(texts(p.words)))
	}
	b.WriteString("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _whyloop whyloop whyloopctl\n")
	return b.String()
}

func zshScript(ps []place) string {
	var b strings.Builder
	b.WriteString("#compdef whyloop whyloopctl\n# zsh completion for whyloop, made by \"whyloop completion zsh\"\n_whyloop() {\n" +
		"  local place= prev=${words[CURRENT-1]} i\n  local -a list\n" +
		"  for ((i = 2; i < CURRENT; i++)); do\n    case \"${place:+$place }${words[i]}\" in\n")
	fmt.Fprintf(&b, "    %s) place=\"${place:+$place }${words[i]}\" ;;\n    esac\n  done\n", whereCases(ps))
	fmt.Fprintf(&b, "  case \"$place $prev\" in\n%s  esac\n", valueCases(ps, func(v string) string { return "compadd -- " + v }, "_files"))
	b.WriteString("  case \"$place\" in\n")
	for _, p := range ps {
		var list []string
		for _, w := range p.words {
			list = append(list, quoted(strings.ReplaceAll(w.text, ":", `\:`)+":"+w.help))
		}
		fmt.Fprintf(&b, "    %s) list=(%s) ;;\n", quoted(p.path), strings.Join(list, " "))
	}
	b.WriteString("  esac\n  _describe whyloop list || _files\n}\n" +
		"if [ \"$funcstack[1]\" = _whyloop ]; then _whyloop \"$@\"; else compdef _whyloop whyloop whyloopctl; fi\n")
	return b.String()
}

func fishScript(ps []place) string {
	var b strings.Builder
	b.WriteString("# fish completion for whyloop, made by \"whyloop completion fish\"\n" +
		"function __whyloop_place\n  set -l place\n  for word in (commandline -opc)[2..-1]\n" +
		"    switch (string join ' ' $place $word)\n")
	var paths []string
	for _, p := range ps[1:] {
		paths = append(paths, quoted(p.path))
	}
	fmt.Fprintf(&b, "      case %s\n        set -a place $word\n    end\n  end\n  test (string join ' ' $place) = $argv[1]\nend\n", strings.Join(paths, " "))
	for _, p := range ps {
		for _, w := range p.words {
			fmt.Fprintf(&b, "complete -c whyloop -n %s %s -d %s\n", quoted("__whyloop_place "+quoted(p.path)), fishWord(w), quoted(w.help))
		}
	}
	b.WriteString("complete -c whyloopctl -w whyloop\n")
	return b.String()
}

func fishWord(w word) string {
	switch {
	case !w.flag:
		return "-f -a " + quoted(w.text)
	case len(w.values) > 0:
		return "-l " + strings.TrimPrefix(w.text, "--") + " -x -a " + quoted(strings.Join(w.values, " "))
	case w.takes:
		return "-l " + strings.TrimPrefix(w.text, "--") + " -r"
	}
	return "-l " + strings.TrimPrefix(w.text, "--")
}
