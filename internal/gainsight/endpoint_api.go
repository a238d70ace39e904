package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// APIRequest is the name of the endpoint whose method and path come with each
// call.
const APIRequest = "api.request"

func apiEndpoints() []Endpoint {
	return []Endpoint{{Name: APIRequest, Method: "GET", Path: "{url}", Evidence: connector.EvidenceDocumented}}
}
