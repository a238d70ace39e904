package actions

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// optionWindow is the part of a field's options that one request asks for: some
// of those that match its words.
type optionWindow struct {
	from  int
	size  int
	words []string // in lower case
	of    string   // digest of what the tokens belong to
}

// optionToken is the page token, before it is made opaque.
type optionToken struct {
	// From is where to go on.
	From int `json:"n"`
	// Of is the digest of the field, the selectors and the query.
	Of string `json:"q"`
}

// windowOf reads a request. A token that another field, query or choice of
// selectors gave out is refused: its places are others.
func windowOf(pattern string, req connector.OptionsRequest) (optionWindow, error) {
	w := optionWindow{size: req.PageSize, words: strings.Fields(strings.ToLower(req.Query))}
	var err error
	w.of, err = digestOf(map[string]any{"action": req.Action, "pointer": pattern, "selectors": req.Selectors, "query": w.words})
	if err != nil || req.PageToken == "" {
		return w, err
	}
	var token optionToken
	text, err := base64.RawURLEncoding.DecodeString(req.PageToken)
	if err != nil || json.Unmarshal(text, &token) != nil || token.From < 0 {
		return w, connector.Errorf(connector.ReasonInvalidInput, "the page token is not one that a list of options gave out")
	}
	if token.Of != w.of {
		return w, connector.Errorf(connector.ReasonInvalidInput, "the page token belongs to another field, query or choice of selectors").
			WithHint("Send the request that it came from, page size aside, or begin without a token.")
	}
	w.from = token.From
	return w, nil
}

// token returns the token for what begins at from.
func (w optionWindow) token(from int) string {
	text, err := json.Marshal(optionToken{From: from, Of: w.of})
	if err != nil { // unreachable: scalars alone
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// matches reports whether label or value of an option contain every word,
// regardless of case.
func (w optionWindow) matches(o connector.Option) bool {
	text := strings.ToLower(o.Label + " " + o.Value)
	for _, word := range w.words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// cut returns the window's part of all options of a field.
func (w optionWindow) cut(all []connector.Option) connector.OptionPage {
	var page connector.OptionPage
	for i := min(w.from, len(all)); i < len(all); i++ {
		if !w.matches(all[i]) {
			continue
		}
		if len(page.Options) == w.size {
			page.NextPageToken = w.token(i)
			break
		}
		page.Options = append(page.Options, all[i])
	}
	return page
}

// longest returns the longest word, which narrows a search the most. Empty:
// there is none.
func (w optionWindow) longest() string {
	longest := ""
	for _, word := range w.words {
		if utf8.RuneCountInString(word) > utf8.RuneCountInString(longest) {
			longest = word
		}
	}
	return longest
}
