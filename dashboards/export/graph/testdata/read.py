# Reads a network with networkx and says as JSON what it holds.
import io, json, sys
import networkx as nx
from networkx.readwrite import gexf

text = sys.stdin.buffer.read()
if sys.argv[1] == "gexf":
    # What networkx does not know yet; see doc.go.
    text = text.replace(b'timeformat="dateTime"', b'timeformat="date"', 1)
    if "1.3" not in gexf.GEXF.versions:
        text = text.replace(b'xmlns="http://gexf.net/1.3"', b'xmlns="http://www.gexf.net/1.2draft"', 1)
    g = nx.read_gexf(io.BytesIO(text))
else:
    g = nx.read_graphml(io.BytesIO(text))
json.dump({
    "Directed": g.is_directed(),
    "Multi": g.is_multigraph(),
    "Nodes": dict(g.nodes(data=True)),
    "Edges": [dict(data, ends=sorted([a, b])) for a, b, data in g.edges(data=True)],
}, sys.stdout)
