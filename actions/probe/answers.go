package probe

import (
	"errors"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// GroupAnswers is the group of assumptions on how answers are read. They are
// tested in any case: all others rest on them.
const GroupAnswers = "answers"

// Answers assumes what a tenant's answers mean, whatever the operation.
func Answers() []Assumption {
	return []Assumption{
		{
			ID: "answers.success", Title: "An answer that is a success has result true", Group: GroupAnswers, // open question 12
			Evidence: connector.EvidenceDocumented,
			Current:  func(c gainsight.Config) string { return string(c.Answers().Success) },
			Try:      Try(ask(objectList()), success),
			Others:   []Settings{{Set("/answers/success", gainsight.SuccessNotFalse)}},
		},
		{
			ID: "answers.refusal", Title: "A request at fault is refused with a code that says no more", Group: GroupAnswers, // open questions 12 and 48
			Evidence: connector.EvidenceInferred,
			Current:  func(gainsight.Config) string { return string(gainsight.MeaningInvalid) },
			Try:      Try(ask(misspelt()), refused),
		},
		{
			ID: "answers.object_not_found", Title: "An object that does not exist is told from a path that does not", Group: GroupAnswers, // open question 43
			Evidence: connector.EvidenceDocumented,
			Current:  func(c gainsight.Config) string { return c.CodesOf(gainsight.MeaningNoObject) },
			Try:      Try(ask(missing()), noObject),
		},
		throttling(), address(), zone(), dates(),
	}
}

// ask makes a request that does not depend on settings.
func ask(req gainsight.Request) Ask {
	return func(*Bench) (gainsight.Request, error) { return req, nil }
}

// misspelt names a field that no object has.
func misspelt() gainsight.Request {
	return gainsight.Request{
		Endpoint: gainsight.CTAList, Effect: connector.EffectRead,
		Body: map[string]any{"select": []string{"NoSuchFieldOfTheProbe"}, "pageSize": 1, "pageNumber": 1},
	}
}

// missing names an object that no tenant has.
func missing() gainsight.Request {
	return gainsight.Request{
		Endpoint: gainsight.ObjectDescribe, Effect: connector.EffectRead,
		Path: map[string]string{"objectName": "no_such_object_of_the_probe__gc"},
	}
}

func success(_ *Bench, _ *gainsight.Answer, err error) Outcome {
	switch {
	case err == nil:
		return Outcome{Result: Works, Observed: "the list of objects came as a success"}
	case gainsight.LacksResult(err):
		return Outcome{Result: Fails, Observed: "an answer with a status of 2xx has no result"}
	default:
		return Failure(err)
	}
}

// refused wants a refusal that is at fault of the request. Any other reason
// would have the connector wait, or try again.
func refused(_ *Bench, _ *gainsight.Answer, err error) Outcome {
	switch {
	case err == nil, gainsight.IsEmptyResult(err):
		return Outcome{Result: Unclear, Observed: "a field that does not exist is not refused"}
	case errors.Is(err, connector.ReasonInvalidInput):
		return Outcome{Result: Works, Observed: refusal(err)}
	case gainsight.IsNoSuchPath(err):
		return Outcome{Result: Unclear, Observed: "the path is not known"}
	case meant(err, gainsight.MeaningInvalid) == nil:
		return Failure(err)
	default:
		return Outcome{Result: Fails, Observed: refusal(err), Mends: meant(err, gainsight.MeaningInvalid)}
	}
}

func noObject(_ *Bench, _ *gainsight.Answer, err error) Outcome {
	switch {
	case err == nil:
		return Outcome{Result: Unclear, Observed: "an object that does not exist is described"}
	case gainsight.IsObjectNotFound(err):
		return Outcome{Result: Works, Observed: refusal(err)}
	case (errors.Is(err, connector.ReasonInvalidInput) || gainsight.IsNoSuchPath(err)) && meant(err, gainsight.MeaningNoObject) != nil:
		return Outcome{Result: Fails, Observed: refusal(err), Mends: meant(err, gainsight.MeaningNoObject)}
	default:
		return Failure(err)
	}
}

// meant gives the code of a refusal a meaning. Nil: it has none.
func meant(err error, meaning gainsight.Meaning) Settings {
	code := connector.AsError(err).Downstream.Code
	if code == "" {
		return nil
	}
	return Settings{Set("/answers/codes/"+jsonpointer.Token(code), meaning)}
}

func throttling() Assumption {
	a := Untold("answers.throttled", "A spent call budget is told by a known code", GroupAnswers, "", // open question 13
		"only a spent budget would tell; if calls fail with another code at a limit, set answers.codes")
	a.Current = func(c gainsight.Config) string { return c.CodesOf(gainsight.MeaningThrottled) }
	return a
}

func address() Assumption {
	a := Untold("answers.address_not_allowed", "An IP address that is not allowed is told by a known code", GroupAnswers, "", // open question 38
		"only a machine that is not allowed would tell; if all calls fail with another code there, set answers.codes")
	a.Current = func(c gainsight.Config) string { return c.CodesOf(gainsight.MeaningAddress) }
	return a
}

func zone() Assumption {
	a := Untold("time_zone", "Dates and times without an offset are in the time zone", GroupAnswers, "", // open question 31
		"no answer names its zone; compare a value with what Gainsight shows, and set time_zone")
	a.Current = func(c gainsight.Config) string { return c.Zone.String() }
	return a
}
