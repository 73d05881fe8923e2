package hearing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

func TestWhen(t *testing.T) {
	h := New()
	for text, want := range map[string]conversation.When{
		"pause":                                     {},
		"Pause 2 weeks":                             {Days: 14},
		"pause for a week":                          {Days: 7},
		"pause two months please":                   {Days: 60},
		"pause a fortnight":                         {Days: 14},
		"pause 10d":                                 {Days: 10},
		"pause until Monday":                        {Weekday: time.Monday, HasWeekday: true},
		"pause until Sunday":                        {HasWeekday: true},
		"pause till 14 July":                        {Day: 14, Month: time.July},
		"pause until July 14th":                     {Day: 14, Month: time.July},
		"pause until 14 July 2027":                  {Day: 14, Month: time.July, Year: 2027},
		"pause until 2027-07-14":                    {Day: 14, Month: time.July, Year: 2027},
		"pause until the 3rd":                       {Day: 3},
		"pause until 14.7.":                         {Day: 14, Month: time.July},
		"pause until September":                     {Day: 1, Month: time.September},
		"I'm on vacation until the 14th, talk then": {Day: 14},
		"can you pause for two weeks, I'm on site":  {Days: 14},
		"Can we pick this up in September?":         {Day: 1, Month: time.September},
		"Pause bis 14. Juli":                        {Day: 14, Month: time.July},
		"pause pendant 2 semaines":                  {Days: 14},
		"pausa hasta el lunes":                      {Weekday: time.Monday, HasWeekday: true},
		"pauze tot 3 maart":                         {Day: 3, Month: time.March},
		"pause 999 years":                           {Days: 3660},
	} {
		got := h.Hear(conversation.Ladder{}, text).Command
		if got.Verb != conversation.VerbPause {
			t.Errorf("%q: verb %q", text, got.Verb)
		}
		if diff := cmp.Diff(want, got.Until); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
