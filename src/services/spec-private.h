#pragma once

/** The parts of the specification's writer, in the order of its sections. */

#include "services/spec.h"

#include "model/compile.h"
#include "services/guide-families.h"
#include "services/guide.h"
#include "services/spec-book.h"

G_BEGIN_DECLS

typedef struct
{
  EqsModel       *model;
  EqsDocument    *document;    /* borrowed */
  const EqsMap   *audit;       /* NULL: not run */
  const EqsMap   *spec;        /* section of the document; may be NULL */
  EqsCheck       *check;       /* owned */
  EqsAnswer      *answer;      /* owned (nullable): what the guide says of the same question */
  const EqsFamily *family;     /* NULL: not known */
  EqkSymmetry     symmetry;
  EqsBook        *book;        /* owned */
  guint           n_alternatives;
} EqsSpecWriter;

/* What several sections say: spec-facts.c */
/** Of the design's own types, as eqs_spec_dup_exact_of. (transfer full) */
char *eqs_spec_dup_exact_elements (const EqsSpecWriter *self);
/** What the verdict of the audit rests on; elements of the grid have one limit, angles between them others. */
void eqs_spec_write_measured (EqsSpecWriter *self);
/** What the design is of: 2 pictures, 3 points in space, 0 sets and graphs. */
int eqs_spec_get_dim (const EqsSpecWriter *self);
/** Translated. */
const char *eqs_spec_yes_no (gboolean flag);
/** Type at an output (NULL: the first) of a node; NULL where it has no part in the program or no type. */
const EqkPortType *eqs_spec_type_of (const EqsSpecWriter *self, const EqsNodeCost *cost, const char *port);
/** Row of the registry; NULL for a layer that is not known. */
const EqkLayerType *eqs_spec_layer_of (const EqsNodeCost *cost);
/** The text, or a translated "not stated" where it is absent or "". Borrowed. */
const char *eqs_spec_stated (const EqsMap *map, const char *key);
/** Type on the first wire, in the order of links, into a node of the main graph; NULL where there is none. */
const EqkPortType *eqs_spec_incoming (const EqsSpecWriter *self, const EqsNodeCost *cost);
/** "16x reg(C4), grid 14x14"; "–" for NULL. (transfer full) */
char *eqs_spec_dup_type (const EqkPortType *type);
/** "exact", "exact on a subgroup", "broken", "not known", translated. */
const char *eqs_spec_holds_text (const EqkPortType *type);
/** Names of the elements that hold exactly at the results of a design. (transfer full) */
char *eqs_spec_dup_exact_of (const EqkTyped *typed);
/** Three digits, or a translated "not measured" where it is not finite. (transfer full) */
char *eqs_spec_dup_number (double number);

/* Sections 0 to 5: spec-design.c */
/** "16x f0 + 16x f1", counted over all fields, in the order in which they first stand. (transfer full) */
char *eqs_spec_dup_irreps (const EqkRep *rep);
/** The node's title, else that of its layer, else its id. Borrowed. */
const char *eqs_spec_title_of (const EqsSpecWriter *self, const EqsNodeCost *cost);
/** Group, actions on inputs and outputs, and what the person stated of task and limits. */
void eqs_spec_write_symmetry (EqsSpecWriter *self);
/** What the audit measured (or that none was made), costs, and whether the weights are trained. */
void eqs_spec_write_summary (EqsSpecWriter *self);
/** Every link of the main graph with its type, and the irreps of every stage. */
void eqs_spec_write_flow (EqsSpecWriter *self);
/** The family, its reason, and the guide's candidates with their scores. */
void eqs_spec_write_family (EqsSpecWriter *self);
/** Each node with its types, settings, costs and guarantee; then why that layer, and what was not taken. */
void eqs_spec_write_layers (EqsSpecWriter *self);

/* Section 3: spec-library.c */
/** The library, its version, the counterpart of each layer in it, and other libraries. */
void eqs_spec_write_library (EqsSpecWriter *self);
/** A table of what is needed for what, with versions. */
void eqs_spec_write_dependencies (EqsSpecWriter *self);

/* Sections 6 and 7: spec-cost.c */
/** Work and memory, the node with most work, alternatives, and what saves either. */
void eqs_spec_write_efficiency (EqsSpecWriter *self);
/** Each tensor with its shape, and what an ordinary layer of the same channels would need. */
void eqs_spec_write_parameters (EqsSpecWriter *self);

/* Sections 8 to 13: spec-run.c */
/** The plan as it is stated, the run that was made, and rules of thumb. */
void eqs_spec_write_training (EqsSpecWriter *self);
/** Errors of the audit with their limits, by element and by node; or that it was not run. */
void eqs_spec_write_verification (EqsSpecWriter *self);
/** The sources that the layers' help texts name, each layer once. */
void eqs_spec_write_references (EqsSpecWriter *self);
/** Formats, precision, the contract of inputs, conventions of space where the group has them, limits. */
void eqs_spec_write_deployment (EqsSpecWriter *self);
/** Findings of the check, and what to do next. */
void eqs_spec_write_risks (EqsSpecWriter *self);
/** Dependencies and the commands that make all of it again. */
void eqs_spec_write_implementation (EqsSpecWriter *self);

/* The machine's part: spec-json.c */
/** {program, design_hash, date, trained, text}; the date is SOURCE_DATE_EPOCH's where that is set. (transfer full) */
EqsMap *eqs_spec_provenance_of (const EqsSpecWriter *self);
/** [{from, to}] of the main graph's links. (transfer full) */
EqsValue *eqs_spec_edges_of (const EqsSpecWriter *self);
/** [{code, severity, blocks, node, message}] of the check's problems. (transfer full) */
EqsValue *eqs_spec_lints_of (const EqsSpecWriter *self);
/**
 * Rows of the design guide with what the document has of each, 5 only where all was computed or measured. (transfer
 * full)
 */
EqsValue *eqs_spec_self_check (const EqsSpecWriter *self);
/** Parameters, MACs of one sample, bytes of weights and arenas. (transfer full) */
EqsMap *eqs_spec_counts_of (const EqsSpecWriter *self);
/** [{id, title, layer, params, ports, parameters, macs}]; ports say type and guarantee. (transfer full) */
EqsValue *eqs_spec_nodes_of (const EqsSpecWriter *self);
/** Verdict of the audit (null: none), exact elements, family, group. (transfer full) */
EqsMap *eqs_spec_summary_of (const EqsSpecWriter *self);
/** NULL becomes JSON's null. */
void eqs_spec_set_text (EqsMap *map, const char *key, const char *text);

G_END_DECLS
