package front

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/front/answer"
)

// ignored are parameters of the protocol that mean nothing here: what they ask
// for is always or never done.
var ignored = []string{
	"query", "user", "password", "database", "default_format", "query_id", "quota_key",
	"client_protocol_version", "compress", "decompress", "enable_http_compression",
	"http_zlib_compression_level", "network_compression_method", "network_zstd_compression_level",
	"wait_end_of_query", "buffer_size", "send_progress_in_http_headers",
	"http_headers_progress_interval_ms", "add_http_cors_header", "stacktrace",
	"session_id", "session_timeout", "session_check", "role", "log_comment",
	"cancel_http_readonly_queries_on_client_close", "http_write_exception_in_output_format",
}

// readerSettings are those a reader may set: limits, and how results look.
var readerSettings = []string{
	"max_execution_time", "max_result_rows", "max_result_bytes", "max_rows_to_read",
	"max_bytes_to_read", "result_overflow_mode", "read_overflow_mode", "timeout_overflow_mode",
	"max_block_size", "extremes", "session_timezone", "date_time_output_format",
	"join_use_nulls", "union_default_mode", "prefer_column_name_to_alias",
}

// readerPrefixes are families of such settings.
var readerPrefixes = []string{"output_format_json_", "output_format_csv_", "output_format_tsv_", "output_format_pretty_", "output_format_binary_"}

// readSettings turns the URL's parameters into settings and values of
// placeholders, in order of their names.
func (h *Handler) readSettings(query url.Values, user User) (settings []string, params []chdb.Param, err error) {
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := query.Get(name)
		current, known := h.settings[name]
		switch param, isParam := strings.CutPrefix(name, "param_"); {
		case isParam:
			params = append(params, chdb.Param{Name: param, Value: value})
			continue
		case slices.Contains(ignored, name):
			continue
		case !known:
			return nil, nil, answer.Errorf(115, "UNKNOWN_SETTING", "Unknown setting '%s'", name)
		case strings.Contains(value, "\x00"):
			return nil, nil, answer.Errorf(36, "BAD_ARGUMENTS", "the value of '%s' has a zero byte", name)
		case user.Reader && !readerMay(name) && value == current:
			continue // as on a server; JDBC's driver sends some that it could leave away
		case user.Reader && !readerMay(name):
			return nil, nil, answer.Errorf(164, "READONLY", "Cannot modify '%s' setting in readonly mode", name)
		case user.Reader && name == "max_execution_time":
			if value, err = clampSeconds(value, h.cfg.Limits.ReaderTime); err != nil {
				return nil, nil, err
			}
		}
		settings = append(settings, "--"+name+"="+value)
	}
	return settings, params, nil
}

func readerMay(name string) bool {
	return slices.Contains(readerSettings, name) ||
		slices.ContainsFunc(readerPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// clampSeconds keeps a limit in seconds within longest; 0 asks for none.
func clampSeconds(value string, longest time.Duration) (string, error) {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || seconds < 0 || math.IsNaN(seconds) {
		return "", answer.Errorf(36, "BAD_ARGUMENTS", "max_execution_time must be a number of seconds")
	}
	if seconds == 0 || seconds > longest.Seconds() {
		seconds = longest.Seconds()
	}
	return strconv.FormatFloat(seconds, 'f', -1, 64), nil
}

// defaults are the settings every connection begins with; the request's come
// after them.
func (h *Handler) defaults(user User) []string {
	memory := h.cfg.Limits.Memory
	if user.Reader {
		memory /= 2
	}
	spill := strconv.FormatInt(memory/2, 10)
	settings := []string{
		"--max_memory_usage=" + strconv.FormatInt(memory, 10),
		"--max_bytes_before_external_group_by=" + spill,
		"--max_bytes_before_external_sort=" + spill,
		"--query_profiler_real_time_period_ns=0",
		"--query_profiler_cpu_time_period_ns=0",
		"--allow_introspection_functions=0",
		"--implicit_select=0",
		"--async_insert=0",
		// By itself the engine gives a query as many threads as it has gigabytes,
		// which is one. The limits above hold for all threads together.
		"--max_threads_min_free_memory_per_thread=0",
	}
	if user.Reader {
		settings = append(settings, "--readonly=1",
			"--max_execution_time="+strconv.FormatFloat(h.cfg.Limits.ReaderTime.Seconds(), 'f', -1, 64))
	}
	return settings
}
