package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of bulk exports, as a connection's "endpoints" spells them.
const (
	BulkSubmit = "bulk.submit"
	BulkStatus = "bulk.status"
	BulkChunk  = "bulk.chunk"
)

// Keys of [Endpoint.Keys].
const (
	// KeyStatusURL is the address to poll, in the answer to a bulk submit.
	KeyStatusURL = "status_url"
	// KeyJobStatus is the state of a bulk job.
	KeyJobStatus = "job_status"
	// KeyTotalRecords is the number of rows of a finished bulk job.
	KeyTotalRecords = "total_records"
	// KeyChunks is the list of chunks of a finished bulk job.
	KeyChunks = "chunks"
)

func bulkEndpoints() []Endpoint {
	return []Endpoint{
		// bulk.md: path DOC; the key of the status URL is not documented (open
		// question 10), nor is it settled whether /v3 wants the header
		// "accesskey" or "authentication" (open question 15).
		{
			Name: BulkSubmit, Method: "POST", Path: "/v3/exports/data/bulk/{objectName}",
			Keys:    map[string][]string{KeyStatusURL: {"data.statusURL", "data.statusUrl", "statusURL"}},
			Budgets: []string{BudgetAsynchronous}, Evidence: connector.EvidenceDocumented,
		},
		// bulk.md: DOC2; the path is what the submit answered. It counts as a
		// synchronous call, not as a job (open question 16).
		{
			Name: BulkStatus, Method: "GET", Path: "{url}",
			Keys: map[string][]string{
				KeyJobStatus:    {"data.jobStatus", "jobStatus"},
				KeyTotalRecords: {"data.totalRecords", "totalRecords"},
				KeyChunks:       {"data.chunkDetails", "chunkDetails"},
			},
			Evidence: connector.EvidenceDocumented,
		},
		// bulk.md: DOC2; the path is what the status answered. It counts as the
		// status does. How the CSV is written is not documented (open question
		// 17).
		{Name: BulkChunk, Method: "GET", Path: "{url}", CSV: defaultCSV(), Evidence: connector.EvidenceDocumented},
	}
}
