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
char *eqs_spec_dup_exact_elements (const EqsSpecWriter *self);
void eqs_spec_write_measured (EqsSpecWriter *self);
const char *eqs_spec_yes_no (gboolean flag);
const EqkPortType *eqs_spec_type_of (const EqsSpecWriter *self, const EqsNodeCost *cost, const char *port);
const EqkLayerType *eqs_spec_layer_of (const EqsNodeCost *cost);
const char *eqs_spec_stated (const EqsMap *map, const char *key);
const EqkPortType *eqs_spec_incoming (const EqsSpecWriter *self, const EqsNodeCost *cost);
char *eqs_spec_dup_type (const EqkPortType *type);
const char *eqs_spec_holds_text (const EqkPortType *type);
char *eqs_spec_dup_exact_of (const EqkTyped *typed);
char *eqs_spec_dup_number (double number);

/* Sections 0 to 5: spec-design.c */
char *eqs_spec_dup_irreps (const EqkRep *rep);
const char *eqs_spec_title_of (const EqsSpecWriter *self, const EqsNodeCost *cost);
void eqs_spec_write_symmetry (EqsSpecWriter *self);
void eqs_spec_write_summary (EqsSpecWriter *self);
void eqs_spec_write_flow (EqsSpecWriter *self);
void eqs_spec_write_library (EqsSpecWriter *self);
void eqs_spec_write_family (EqsSpecWriter *self);
void eqs_spec_write_layers (EqsSpecWriter *self);

/* Sections 6 and 7: spec-cost.c */
void eqs_spec_write_efficiency (EqsSpecWriter *self);
void eqs_spec_write_parameters (EqsSpecWriter *self);

/* Sections 8 to 13: spec-run.c */
void eqs_spec_write_training (EqsSpecWriter *self);
void eqs_spec_write_verification (EqsSpecWriter *self);
void eqs_spec_write_references (EqsSpecWriter *self);
void eqs_spec_write_deployment (EqsSpecWriter *self);
void eqs_spec_write_risks (EqsSpecWriter *self);
void eqs_spec_write_implementation (EqsSpecWriter *self);

/* The machine's part: spec-json.c */
EqsMap *eqs_spec_provenance_of (const EqsSpecWriter *self);
EqsValue *eqs_spec_edges_of (const EqsSpecWriter *self);
EqsValue *eqs_spec_lints_of (const EqsSpecWriter *self);
EqsValue *eqs_spec_self_check (const EqsSpecWriter *self);
EqsMap *eqs_spec_counts_of (const EqsSpecWriter *self);
EqsValue *eqs_spec_nodes_of (const EqsSpecWriter *self);
EqsMap *eqs_spec_summary_of (const EqsSpecWriter *self);
void eqs_spec_set_text (EqsMap *map, const char *key, const char *text);

G_END_DECLS
