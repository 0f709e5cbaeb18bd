package embedded

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"winnow/storage/embedded/chdb"
)

// storePath is where the engine keeps its data.
func storePath(dir string) string { return filepath.Join(dir, "store") }

// serverConfig is the engine's own configuration: sized for one machine that
// does other things too, where the defaults are for a server of its own.
type serverConfig struct {
	XMLName xml.Name `xml:"clickhouse"`

	MaxServerMemory int64  `xml:"max_server_memory_usage"`
	Timezone        string `xml:"timezone"`

	MarkCache           int64 `xml:"mark_cache_size"`
	PrimaryIndexCache   int64 `xml:"primary_index_cache_size"`
	IndexMarkCache      int64 `xml:"index_mark_cache_size"`
	IndexUncompressed   int64 `xml:"index_uncompressed_cache_size"`
	QueryConditionCache int64 `xml:"query_condition_cache_size"`
	CompiledCache       int64 `xml:"compiled_expression_cache_size"`
	VectorIndexCache    int64 `xml:"vector_similarity_index_cache_size"`
	TextHeaderCache     int64 `xml:"text_index_header_cache_size"`
	TextPostingsCache   int64 `xml:"text_index_postings_cache_size"`
	TextTokensCache     int64 `xml:"text_index_tokens_cache_size"`
	IcebergCache        int64 `xml:"iceberg_metadata_files_cache_size"`

	MaxThreads        int `xml:"max_thread_pool_size"`
	MaxFreeThreads    int `xml:"max_thread_pool_free_size"`
	IOThreads         int `xml:"max_io_thread_pool_size"`
	FreeIOThreads     int `xml:"max_io_thread_pool_free_size"`
	BackgroundPool    int `xml:"background_pool_size"`
	BackgroundCommon  int `xml:"background_common_pool_size"`
	BackgroundMove    int `xml:"background_move_pool_size"`
	BackgroundFetches int `xml:"background_fetches_pool_size"`
	SchedulePool      int `xml:"background_schedule_pool_size"`
	SchedulePoolFirst int `xml:"background_schedule_pool_initial_size"`

	MergeTree mergeTreeConfig `xml:"merge_tree"`
}

// mergeTreeConfig keeps merges and mutations going with a small pool.
type mergeTreeConfig struct {
	// Inserts are on disk when they are acknowledged: the log lets go of them then.
	FsyncInsert    int `xml:"fsync_after_insert"`
	FsyncDirectory int `xml:"fsync_part_directory"`

	FreeToLowerMerge int `xml:"number_of_free_entries_in_pool_to_lower_max_size_of_merge"`
	FreeToMutate     int `xml:"number_of_free_entries_in_pool_to_execute_mutation"`
	FreeToOptimize   int `xml:"number_of_free_entries_in_pool_to_execute_optimize_entire_partition"`
}

// newServerConfig is the configuration for so many bytes of memory.
func newServerConfig(memory int64) serverConfig {
	cache := min(memory/32, 64<<20)
	return serverConfig{
		MaxServerMemory: memory, Timezone: "UTC",
		MarkCache: cache, PrimaryIndexCache: cache, IndexMarkCache: cache / 4, QueryConditionCache: cache / 4,
		CompiledCache: cache / 4,
		MaxThreads:    512, MaxFreeThreads: 8, IOThreads: 16, FreeIOThreads: 0,
		BackgroundPool: 2, BackgroundCommon: 1, BackgroundMove: 1, BackgroundFetches: 1,
		SchedulePool: 4, SchedulePoolFirst: 2,
		MergeTree: mergeTreeConfig{FsyncInsert: 1, FsyncDirectory: 1, FreeToLowerMerge: 2, FreeToMutate: 1, FreeToOptimize: 1},
	}
}

// openStore starts the engine on its directory.
func openStore(library *chdb.Library, o order) (*chdb.Conn, error) {
	text, err := xml.MarshalIndent(newServerConfig(o.Memory), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write engine configuration: %w", err)
	}
	file := filepath.Join(o.Dir, "engine.xml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, fmt.Errorf("write engine configuration: %w", err)
	}
	// A table's name can be a file's name in the working directory: have one
	// without files that mean anything.
	if err := os.Chdir(filepath.Dir(o.Socket)); err != nil {
		return nil, fmt.Errorf("change into the socket's directory: %w", err)
	}
	base, err := library.Connect("--path="+storePath(o.Dir), "--config-file="+file)
	if errors.Is(err, chdb.ErrConnect) {
		return nil, fmt.Errorf("open store %s: %w: another process may hold it, or its files are damaged", storePath(o.Dir), err)
	}
	return base, err
}
