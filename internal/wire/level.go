package wire

import (
	"log/slog"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// LevelTo returns the level of the contract that lets through what l does.
func LevelTo(l slog.Level) connectorv1.LogLevel {
	switch {
	case l <= slog.LevelDebug:
		return connectorv1.LogLevel_LOG_LEVEL_DEBUG
	case l <= slog.LevelInfo:
		return connectorv1.LogLevel_LOG_LEVEL_INFO
	case l <= slog.LevelWarn:
		return connectorv1.LogLevel_LOG_LEVEL_WARN
	}
	return connectorv1.LogLevel_LOG_LEVEL_ERROR
}

// LevelFrom is the reverse of [LevelTo]. What this side does not know is INFO.
func LevelFrom(l connectorv1.LogLevel) slog.Level {
	switch l {
	case connectorv1.LogLevel_LOG_LEVEL_DEBUG:
		return slog.LevelDebug
	case connectorv1.LogLevel_LOG_LEVEL_WARN:
		return slog.LevelWarn
	case connectorv1.LogLevel_LOG_LEVEL_ERROR:
		return slog.LevelError
	case connectorv1.LogLevel_LOG_LEVEL_UNSPECIFIED, connectorv1.LogLevel_LOG_LEVEL_INFO:
	}
	return slog.LevelInfo
}
