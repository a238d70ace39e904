package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

func userForms() []form {
	success := func(to sandbox.UserSuccessForm) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.UserSuccess = to }
	}
	failures := func(to sandbox.UserErrorsForm) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.UserErrors = to }
	}
	return []form{
		{"user-success", []formChoice{
			{"records", "written users are a list of objects", success(sandbox.UserSuccessRecords)},
			{"ids", "a list of GSIDs", success(sandbox.UserSuccessIDs)},
			{"pairs", "a list of single-key maps, key to GSID", success(sandbox.UserSuccessPairs)},
			{"map", "one map, key to GSID", success(sandbox.UserSuccessMap)},
			{"map-records", "one map, key to object", success(sandbox.UserSuccessMapRecords)},
			{"count", "a number", success(sandbox.UserSuccessCount)},
			{"absent", "not told unless a user was refused", success(sandbox.UserSuccessAbsent)},
		}},
		{"user-errors", []formChoice{
			{"bare", "refused users are a list of messages alone", failures(sandbox.UserErrorsBare)},
			{"full", "a list of objects with code, message and user name", failures(sandbox.UserErrorsFull)},
			{"nested", "a list of lists, as the object APIs have it", failures(sandbox.UserErrorsNested)},
			{"map", "one map, key to the message", failures(sandbox.UserErrorsMap)},
		}},
		switched("user-all-or-nothing", "a refused user leaves the others of the call", "fails the whole call",
			func(f *sandbox.Forms) *bool { return &f.UserAllOrNothing }),
		switched("users-in-data", "listed users are in data.records", "in data", func(f *sandbox.Forms) *bool { return &f.UsersInData }),
	}
}
