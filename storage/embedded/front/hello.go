package front

import (
	"fmt"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	blocks "github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// helloQuery is what clickhouse-go asks first.
const helloQuery = "SELECT displayName(), version(), revision(), timezone()"

// helloRevision is the revision in which it reads the answer, whatever the
// server's own is.
const helloRevision = 54460

// hello tells whether this is clickhouse-go's first question.
func (req *request) hello() bool {
	return req.protocol >= helloRevision && req.format == "Native" && strings.TrimSpace(req.sql) == helloQuery
}

// helloBlock answers it. The engine writes Native blocks of revision 0 only;
// told that the server's revision is 0, clickhouse-go reads all further blocks
// so. The answer itself it reads in helloRevision.
func helloBlock(version string) ([]byte, error) {
	block := blocks.NewBlock()
	row := []any{"winnow", version, uint32(0), "UTC"}
	for i, c := range []struct{ name, kind string }{
		{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"},
	} {
		if err := block.AddColumn(c.name, column.Type(c.kind)); err != nil {
			return nil, fmt.Errorf("make hello block: column %d: %w", i, err)
		}
	}
	if err := block.Append(row...); err != nil {
		return nil, fmt.Errorf("make hello block: %w", err)
	}
	var buffer proto.Buffer
	if err := block.Encode(&buffer, helloRevision); err != nil {
		return nil, fmt.Errorf("make hello block: %w", err)
	}
	return buffer.Buf, nil
}
