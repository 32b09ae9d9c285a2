#pragma once

#include "data/split.h"

G_BEGIN_DECLS

/**
 * Graphs in the text layout of the TU Dortmund collection (Morris et al. 2020): files "NAME_A.txt" (pairs of nodes, numbered from 1 over all
 * graphs), "NAME_graph_indicator.txt" (graph of each node, from 1, ascending), and what there is of "NAME_node_labels.txt",
 * "NAME_node_attributes.txt", "NAME_edge_labels.txt", "NAME_edge_attributes.txt", "NAME_graph_labels.txt", "NAME_graph_attributes.txt", and
 * "NAME_split.txt" (the part of each graph by name; without it all are "train"). A pair (a, b) is an edge from a to b.
 *
 * The graphs of one part as columns: "nodes" (labels one-hot, ascending, then attributes), "edges" (ends in their graph, from 0), "edge_features"
 * (the same of edges), "label" (classes 0, 1, … in ascending order of what the file says), "attributes". Kinds of labels are those of all
 * parts. A column without a file is left out; a part without graphs is an error.
 *
 * @param folder  with the files
 * @param name    "MUTAG"
 */
EqsSplit *eqs_tu_read (const char *folder, const char *name, const char *part, GError **error);
/** The parts by name, in the order of their first graph; (transfer full) NULL-terminated. NULL on an error. */
char    **eqs_tu_list_parts (const char *folder, const char *name, GError **error);

G_END_DECLS
