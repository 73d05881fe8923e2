package hearing

import "testing"

func newTestCare(t testing.TB) *care {
	t.Helper()
	c, err := newCare(careTable)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCareHearsDistress(t *testing.T) {
	c := newTestCare(t)
	for _, text := range []string{
		"I want to die", "honestly I just want to die.", "some days i really wanna die", "I don't want to live anymore",
		"I don’t want to be alive any more", "I wish I was dead", "i wish i'd never been born", "I'd be better off dead",
		"my kids would be better off without me", "I think about killing myself", "I'm going to kill myself", "I keep cutting myself",
		"I have suicidal thoughts", "I've been thinking about suicide", "i feel suicidal", "I want to end my life", "I want to end it all",
		"there is no reason to live", "I see no point in going on", "I don't see any point in living", "I can't go on",
		"I can't cope anymore", "I can't take it any longer", "I don't want to be here anymore", "no one would miss me",
		"I'm having a breakdown", "I am on the edge of a nervous breakdown", "I self-harm", "I feel worthless", "I'm a burden to everyone",
		"my husband hits me", "I'm being abused", "i'm scared to go home", "I'd rather be dead than do this another year",
		"More money.\n\nBut if I'm honest I don't want to wake up most days.",
		"ich will nicht mehr leben", "Ich möchte sterben", "ich habe Selbstmordgedanken", "ich kann nicht mehr",
		"j'ai envie de mourir", "je veux en finir", "j’ai des idées suicidaires", "quiero morir", "no quiero vivir", "pienso en suicidarme",
		"ik wil dood", "ik wil niet meer leven", "quero morrer", "não quero mais viver", "I WANT TO DIE",
	} {
		if !c.heard(text) {
			t.Errorf("not heard: %q", text)
		}
	}
}

// A hundred and more idioms of the trade, none of which is distress.
func TestCareIsNotTriggeredByIdioms(t *testing.T) {
	c := newTestCare(t)
	idioms := []string{
		"I'd kill for that", "I'd kill for that territory", "we're killing it this quarter", "I killed it on the demo", "that commute is killing me",
		"this quota is killing me", "my boss is killing me", "you're killing me here", "the suspense is killing me", "killing two birds with one stone",
		"just killing time until lunch", "I want to kill my quota", "I want to kill it this year", "kill the deal before it kills us", "procurement killed the deal",
		"I want to make a killing", "dressed to kill", "I'm dying to know", "I'm dying to see their faces", "dying to close this one", "dying for a coffee",
		"that office is to die for", "a view to die for", "get the promotion or die trying", "I'm a die-hard closer", "I nearly died laughing", "I won't die on that hill",
		"die of boredom in those meetings", "I almost died of embarrassment", "the deal died", "my deals die in legal", "dead leads", "dead end job", "dead air on calls",
		"dead tired", "dead in the water", "I'm dead serious", "dead on my feet by Friday", "my pipeline is dead", "the deadline", "flogging a dead horse",
		"career suicide", "that would be career suicide", "discounting is commercial suicide", "this is a suicide mission", "suicide pricing", "suicidal discounts",
		"I'm not going to kill myself over a number", "I don't want to kill myself working", "I killed myself to hit quota last year", "killing myself for a bonus",
		"I'd stop killing myself for this company", "I was killing myself laughing", "kill myself at the gym", "without killing myself", "not worth killing myself for",
		"I shot myself in the foot", "shoot me now", "someone shoot me, another forecast call", "bite the bullet", "over my dead body", "drop dead gorgeous",
		"death by powerpoint", "bored to death", "scared to death of cold calls", "sick to death of the CRM", "worked to death", "worry myself to death",
		"at death's door with this cold", "a fate worse than death", "the kiss of death for a deal", "a matter of life and death", "cut myself some slack",
		"cut myself a bigger check", "cut myself off from email", "cut myself loose from the desk", "hurt myself financially", "hurt myself on price",
		"hang myself out to dry", "drowning in admin", "drowning myself in work", "take my life back", "taking my life in a new direction", "take my life into my own hands",
		"ending my life as a cold caller", "I want to live abroad", "I want to live in Spain", "I don't want to live paycheck to paycheck", "I don't want to live like this",
		"I don't want to be alone at the top", "no reason to live in the city", "I hate myself for discounting", "I hate my CRM", "hate my commute", "live and die by the forecast",
		"sell or die", "do or die", "sink or swim", "he's dead to me", "I could murder a coffee", "I could murder a pizza", "beat myself up less", "kick myself for not calling",
		"stop worrying about money", "not having to be afraid any more", "feel alive again", "to really live", "I want to stop existing deals from slipping",
		"burn out my competitors", "bleed for this company", "my back is killing me", "blood, sweat and tears", "I'm hopeless at admin", "cutthroat", "a killer demo",
		"survive the quarter", "so I don't go under", "to keep my head above water", "I can't take it easy", "I can't do Mondays", "I can't go on holiday",
		"I feel like a burden is gone", "get my life back", "have a life", "kill the competition", "die Zahlen", "zu Tode gelangweilt", "je suis mort de rire", "me muero de ganas",
		"om te sterven zo mooi", "vou morrer de rir", "ich bringe mich ein", "me mato a trabalhar",
	}
	if len(idioms) < 100 {
		t.Fatalf("%d idioms, want a hundred", len(idioms))
	}
	for _, text := range idioms {
		if c.heard(text) {
			t.Errorf("taken for distress: %q", text)
		}
	}
}

func TestCareReadsBothIdiomAndDistress(t *testing.T) {
	c := newTestCare(t)
	if !c.heard("I'd kill for that bonus, but honestly I want to die") {
		t.Error("an idiom hid the distress beside it")
	}
}

func FuzzCare(f *testing.F) {
	f.Add("I want to die")
	f.Add("I'd kill for that \xff\xfe")
	c := newTestCare(f)
	f.Fuzz(func(t *testing.T, text string) { c.heard(text) })
}
