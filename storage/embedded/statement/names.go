package statement

import (
	"slices"
	"strings"
)

// readerSystemTables are the system tables a reader may see: what is stored and
// how it fares, nobody's queries, users, paths or settings.
var readerSystemTables = []string{
	"one", "numbers", "numbers_mt", "zeros", "zeros_mt",
	"databases", "tables", "columns", "parts", "parts_columns", "data_skipping_indices", "projections",
	"merges", "mutations", "functions", "table_functions", "table_engines", "formats",
	"data_type_families", "aggregate_function_combinators", "time_zones", "collations", "keywords",
	"metrics", "events", "asynchronous_metrics", "contributors", "licenses", "build_options",
}

// readerTableFunctions are the table functions a reader may call: they make rows
// out of nothing or of what is in the query.
var readerTableFunctions = []string{
	"numbers", "numbers_mt", "zeros", "zeros_mt", "generateseries", "generate_series",
	"values", "null", "view", "format", "generaterandom", "primes",
}

// tableFunctions are the engine's table functions. Some stand where no FROM is
// before them (after IN, after a comma), so that the name alone must do.
var tableFunctions = []string{
	"arrowstream", "azureblobstorage", "azureblobstoragecluster", "cluster", "clusterallreplicas", "cosn",
	"deltalake", "deltalakeazure", "deltalakeazurecluster", "deltalakecluster", "deltalakelocal",
	"deltalakes3", "deltalakes3cluster", "dictionary", "eval", "executable", "file", "filecluster",
	"filesystem", "format", "fuzzjson", "fuzzquery", "gcs", "generate_series", "generaterandom",
	"generateseries", "hdfs", "hdfscluster", "hive", "hudi", "hudicluster", "iceberg", "icebergazure",
	"icebergazurecluster", "icebergcluster", "iceberghdfs", "iceberghdfscluster", "iceberglocal",
	"iceberglocalcluster", "icebergs3", "icebergs3cluster", "input", "jdbc", "loop", "merge",
	"mergetreeanalyzeindexes", "mergetreeanalyzeindexesuuid", "mergetreeindex", "mergetreeprojection",
	"mergetreetextindex", "meilisearch", "mongodb", "mysql", "null", "numbers", "numbers_mt", "odbc", "oss",
	"paimon", "paimonazure", "paimonazurecluster", "paimoncluster", "paimonhdfs", "paimonhdfscluster",
	"paimonlocal", "paimons3", "paimons3cluster", "postgresql", "primes", "prometheusquery",
	"prometheusqueryrange", "python", "redis", "remote", "remotesecure", "s3", "s3cluster", "sqlite",
	"sqlstandardvalues", "timeseriesdata", "timeseriesmetrics", "timeseriessamples", "timeseriesselector",
	"timeseriestags", "url", "urlcluster", "values", "view", "viewexplain", "viewifpermitted", "ytsaurus",
	"zeros", "zeros_mt",
}

// deniedFunctions read files, reach other hosts, wait, write logs or tell about
// the machine. They may be called without brackets (arrayMap(file, ...),
// APPLY file), so that the name alone is refused wherever it is not a column of
// a named table.
var deniedFunctions = []string{
	"file", "filesystemavailable", "filesystemcapacity", "filesystemunreserved",
	"sleep", "sleepeachrow", "logtrace", "demangle", "showcertificate", "catboostevaluate", "evalmlmethod",
	"getserversetting", "getserverport", "tcpport", "getmacro", "getclienthttpheader", "generateserialid",
	"joinget", "joingetornull", "globalvariable", "hasthreadfuzzer", "chdb", "getoskernelversion",
	"transactionid", "zookeepersessionuptime", "hostname", "fqdn", "fullhostname", "hascolumnintable", "aiclassify", "aiembed", "aiextract", "aigenerate",
	"aitranslate", "addresstoline", "addresstolinewithinlines", "addresstosymbol",
}

// deniedPrefixes are families of such functions; only calls are refused by
// them, so that columns may begin like that.
var deniedPrefixes = []string{
	"ai", "llm", "addressto", "dictget", "dicthas", "dictisin", "__",
	"naivebayesclassifier", "zookeeper", "lemmatize", "synonyms", "stem",
}

func deniedFunction(name string, call bool) bool {
	return slices.Contains(deniedFunctions, name) || call && slices.ContainsFunc(deniedPrefixes,
		func(p string) bool { return strings.HasPrefix(name, p) })
}
