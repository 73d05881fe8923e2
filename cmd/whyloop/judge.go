package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
)

type judgeCmd struct {
	Explain bool   `help:"Say why, how sure, and in which words: for a person to read. It quotes the answers."`
	Opinion bool   `help:"Also ask the endpoint of [judge] where the embedded judge is unsure. The ladders' words go there."`
	File    string `arg:"" optional:"" default:"-" help:"Ladders, one JSON object a line; - or nothing for standard input."`
}

// Help is shown under the command's own --help.
func (judgeCmd) Help() string {
	return `Reads  {"id":"a1","goal":"...","turns":[{"a":"answer"},...]}  a line and prints
       {"id":"a1","verdicts":[{"label":"new","repeats":[],"why":null,"confirm":false},...]}
one verdict an answer, each judged only from what came before it. Indexes are those of answers, -1 is the goal. confirm says that the rep would now be asked whether this is their why.`
}

// ladderLine is one ladder as it is read.
type ladderLine struct {
	ID    string `json:"id"`
	Goal  string `json:"goal"`
	Turns []struct {
		Answer string `json:"a"`
	} `json:"turns"`
}

// verdictLine is what is printed of one.
type verdictLine struct {
	ID       string    `json:"id"`
	Verdicts []verdict `json:"verdicts"`
}

type verdict struct {
	Label   conversation.Label `json:"label"`
	Repeats []int              `json:"repeats"`
	Why     *int               `json:"why"`
	Confirm bool               `json:"confirm"`
}

// Run judges ladder by ladder, so that it can stand in a pipe.
func (cmd judgeCmd) Run(env *environ) error {
	in := env.stdin
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriter(env.stdout)
	judge, err := cmd.choose(env)
	if err == nil {
		err = cmd.judge(judge, in, out)
	}
	return errors.Join(err, out.Flush())
}

// choose is the embedded judge, or the one that asks besides.
func (cmd judgeCmd) choose(env *environ) (conversation.Judge, error) {
	if !cmd.Opinion {
		return embedded(), nil
	}
	c, err := loadConfig(env.config)
	if err != nil {
		return nil, err
	}
	if c.opinion == nil {
		return nil, errors.New("nobody is asked for a second opinion: judge.url is empty")
	}
	return twoMinds{env.ctx, ears{embedded(), c.opinion, env.newLog(c.Log)}}, nil
}

// twoMinds is a judge that takes a second opinion on whatever it is given.
type twoMinds struct {
	ctx context.Context
	ears
}

// Judge implements conversation.Judge.
func (t twoMinds) Judge(l conversation.Ladder, answer string) conversation.Verdict {
	return t.Advise(t.ctx, l, t.Hear(l, answer), nil)
}

func (cmd judgeCmd) judge(judge conversation.Judge, in io.Reader, out io.Writer) error {
	d := json.NewDecoder(in)
	for n := 1; ; n++ {
		var l ladderLine
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("ladder %d: %w", n, err)
		}
		answers := make([]string, len(l.Turns))
		for i, t := range l.Turns {
			answers[i] = t.Answer
		}
		vs := hearing.Walk(judge, l.Goal, answers)
		if err := cmd.print(out, l, vs); err != nil {
			return err
		}
	}
}

func (cmd judgeCmd) print(out io.Writer, l ladderLine, vs []conversation.Verdict) error {
	if cmd.Explain {
		return explain(out, l, vs)
	}
	line := verdictLine{ID: l.ID, Verdicts: make([]verdict, len(vs))}
	for i, v := range vs {
		line.Verdicts[i] = verdict{Label: v.Label, Repeats: append([]int{}, v.Repeats...), Confirm: v.Confirm}
		if v.Why != conversation.NoWhy {
			line.Verdicts[i].Why = &v.Why
		}
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(line)
}

// explain prints a ladder as a person would go through it.
func explain(out io.Writer, l ladderLine, vs []conversation.Verdict) error {
	fmt.Fprintf(out, "%s  goal: %s\n", l.ID, l.Goal)
	for i, v := range vs {
		fmt.Fprintf(out, "%3d. %s\n     %s, sure %.2f%s\n", i, l.Turns[i].Answer, v.Label, v.Sure, because(v))
		if v.Confirm {
			fmt.Fprintf(out, "     -> Is this your why: %q?\n", v.Wording)
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

func because(v conversation.Verdict) string {
	if v.Because == "" {
		return ""
	}
	return ": " + v.Because
}
