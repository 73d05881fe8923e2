package hearing

import (
	"strings"

	"whyloop/conversation"
)

// A topicRule is a topic and the words that speak of it: one of each group must be there.
type topicRule struct {
	topic  conversation.Topic
	groups []string
}

// topicRules lists what people ask of a coaching program, in the order of how
// particular the words are.
func topicRules() []topicRule {
	return []topicRule{
		{conversation.TopicStored, []string{" store stored save saved keep kept storage server servers database retention retain gdpr dsgvo rgpd record recorded delete deleted gespeichert speichern speichert conserve conservees conserver guardan guardas guarda guardar almacenan opgeslagen bewaard bewaren guardado armazenado armazenam "}},
		{conversation.TopicWhoSees, []string{" see sees read reads reading share shared sharing anonymous confidential private privacy boss manager know knows secret visible access told show sent sieht lesen liest sehen mitlesen chef vertraulich anonym voit lit lire voir confidentiel anonyme patron ve lee leer jefe confidencial anonimo leest ziet baas vertrouwelijk anoniem anonymous copied cc hr public forward confidentiality chefe le "}},
		{conversation.TopicRobot, []string{" robot bot ai human computer machine chatbot gpt chatgpt automated program roboter mensch maschine programm humain ordinateur machine humano persona maquina mens computer real actual person software algorithm llm "}},
		{conversation.TopicStop, []string{" stop quit unsubscribe end cancel opt leave refuse mandatory compulsory obliged optional voluntary required obligatory out aufhoren abmelden freiwillig muss arreter obligatoire obligatorio parar stoppen verplicht parar obrigatorio "}},
		{conversation.TopicHowLong, []string{" many long left much last longer finish often frequently times viele lange oft noch combien longtemps duree cuantas cuantos cuanto tiempo hoeveel lang vaak quantas quantos quanto "}},
		{conversation.TopicHow, []string{" mean meaning question asking want looking kind answer rephrase clarify explain understand repeat purpose point work works sense right example refer referring about company firm job part which terms again differently meinen meinst gemeint frage verstehe erklaren bedeutet signifie veux voulez question comprends expliquer quiere quieres pregunta significa entiendo bedoel bedoelt bedoelen vraag begrijp quer dizer pergunta significa entendi should how wie comment como hoe why supposed help doing "}},
	}
}

// topicOf tells what a question is about.
func topicOf(ss []sentence) conversation.Topic {
	words := allWords(ss)
	for _, rule := range topicRules() {
		if topicFits(rule, words) {
			return rule.topic
		}
	}
	return conversation.TopicUnknown
}

func topicFits(rule topicRule, words []string) bool {
	n := 0
	for _, g := range rule.groups {
		for _, w := range words {
			if strings.Contains(g, " "+w+" ") {
				n++
				break
			}
		}
	}
	if rule.topic == conversation.TopicRobot && hasAny(words, "person", "real", "actual", "persona") && !hasAny(words, "robot", "bot", "ai", "human") {
		return hasAny(words, "you", "who", "this", "is", "u", "eres", "usted") && !hasAny(words, "benefit")
	}
	if rule.topic == conversation.TopicHowLong && !hasAny(words, "how", "wie", "combien", "cuantas", "cuantos", "cuanto", "hoeveel", "quantas", "quantos", "quanto", "hoe", "when", "last", "left") {
		return false
	}
	return n == len(rule.groups)
}
