package sandbox

import (
	"errors"
	"strings"
)

// maxExpression bounds the text of a where-expression, in bytes, and with it
// the depth of its brackets.
const maxExpression = 4096

// errExpression is the one failure of parseExpression.
var errExpression = errors.New("malformed expression")

// A node is a parsed where-expression: a leaf with an alias, or an AND / OR of
// its children.
type node struct {
	alias    string
	or       bool
	children []*node
}

// parseExpression parses aliases joined by AND and OR, in any case. The
// documentation shows A, A AND B, A OR B. Longer expressions and brackets are
// UNKNOWN (common.md 7.1); they are accepted, and AND binds tighter (INFERRED).
func parseExpression(text string) (*node, error) {
	if len(text) > maxExpression {
		return nil, errExpression
	}
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	p := &expressionParser{tokens: strings.Fields(text)}
	n, err := p.disjunction()
	if err != nil || len(p.tokens) > 0 {
		return nil, errExpression
	}
	return n, nil
}

type expressionParser struct{ tokens []string }

func (p *expressionParser) disjunction() (*node, error) {
	return p.list("OR", true, p.conjunction)
}

func (p *expressionParser) conjunction() (*node, error) {
	return p.list("AND", false, p.term)
}

func (p *expressionParser) list(word string, or bool, next func() (*node, error)) (*node, error) {
	n, err := next()
	if err != nil {
		return nil, err
	}
	if !p.take(word) {
		return n, nil
	}
	all := &node{or: or, children: []*node{n}}
	for {
		if n, err = next(); err != nil {
			return nil, err
		}
		all.children = append(all.children, n)
		if !p.take(word) {
			return all, nil
		}
	}
}

func (p *expressionParser) term() (*node, error) {
	if len(p.tokens) == 0 {
		return nil, errExpression
	}
	if p.take("(") {
		n, err := p.disjunction()
		if err != nil || !p.take(")") {
			return nil, errExpression
		}
		return n, nil
	}
	word := p.tokens[0]
	if word == ")" || strings.EqualFold(word, "AND") || strings.EqualFold(word, "OR") {
		return nil, errExpression
	}
	p.tokens = p.tokens[1:]
	return &node{alias: word}, nil
}

func (p *expressionParser) take(word string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], word) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

// eval answers the expression, asking holds for each alias at most as often as
// it must.
func (n *node) eval(holds func(alias string) bool) bool {
	if n.alias != "" {
		return holds(n.alias)
	}
	for _, c := range n.children {
		if c.eval(holds) == n.or {
			return n.or
		}
	}
	return !n.or
}

// aliases adds every alias of the expression to the set.
func (n *node) aliases(set map[string]bool) {
	if n.alias != "" {
		set[n.alias] = true
	}
	for _, c := range n.children {
		c.aliases(set)
	}
}
