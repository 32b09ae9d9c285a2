#pragma once

/* What the files of emit/ share: the state of an emission, the interface of the exported model, its files. */

#include "check/rig.h"
#include "core/heap.h"
#include "emit/text.h"
#include "eqk/emit.h"
#include "eqk/export.h"
#include "graph/run-private.h"

typedef enum { EQK_EMIT_INIT, EQK_EMIT_FORWARD, EQK_EMIT_REVERSE, EQK_EMIT_N } EqkEmitPass;

/* A constant table of the weights file. */
typedef struct
{
  const char *name;
  uint64_t    hash;
  size_t      n;
  bool        index;
} EqkEmitTable;

/* An input or output of the exported model. */
typedef struct
{
  const char        *name;         /* C identifier, unique */
  const char        *macro;        /* the same in capitals */
  int                value;
  const EqkPortType *type;
  bool               index, is_output, is_turned;
  int                n_kinds;      /* index inputs: numbers below this are legal; 0: not known */
  const char        *node;         /* of the design */
} EqkEmitPort;

struct EqkEmitter
{
  const EqkProgram       *program;
  const EqkExportOptions *options;
  EqkRun                 *plan;          /* where things lie: pointers are offsets */
  EqkRig                 *rig;           /* double precision, direct kernels: what static values are, what outputs should be */
  EqkStore               *store;         /* float32 */
  EqkHeap                *heap;
  const char             *prefix, *macro_prefix;
  EqkText                 functions, body[EQK_EMIT_N], definitions, declarations;
  EqkText                 open[8];       /* functions being written, innermost last */
  int                     depth;
  EqkEmitPass             pass;
  const EqkOp            *op;            /* in progress, in the reverse pass */
  int                     part;          /* structure of the operation in progress; 0 for the whole and for those across structures */
  const char            **written;       /* names of functions */
  int                     n_written, written_room;
  EqkEmitTable           *tables;
  int                     n_tables, tables_room;
  uint32_t                checksum;      /* of all tables so far */
  const char            **table_of;      /* by value: name of its table */
  size_t                 *expanded_at;   /* by value: bytes into the expanded weights, for those computed at init */
  bool                   *expanded;      /* by value */
  bool                   *refused;       /* by operation: computed here instead of at init */
  size_t                  expanded_bytes;
  size_t                 *init_scratch;  /* by operation */
  EqkEmitPort            *ports;
  int                     n_ports, n_inputs;
  bool                    has_nodes, has_edges, has_shifts;
  double                 *scale;         /* self-test: by input, integers per unit */
  int                    *pair_nodes, *pair_edges, n_elements;
  EqkExtent              *pair_kept;     /* [pair][EQK_MAX_SELECTIONS] */
  bool                    fine;
  EqkStatus               status;
  char                    what[160];
  const char             *failed_node;
};

/** Remembers the first failure. */
void eqk_emitter_fail (EqkEmitter *self, EqkStatus status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
void *eqk_emitter_alloc (EqkEmitter *self, size_t bytes);
const char *eqk_emitter_text (EqkEmitter *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/** Letters, digits and underscores of text, at most 40. */
const char *eqk_emitter_identifier (EqkEmitter *self, const char *text, bool capitals);
void eqk_emitter_forget (EqkEmitter *self);      /**< drops all texts: another attempt follows */

/** Gradient of a value in the reverse pass; NULL when it has none. */
const char *eqk_emitter_lane (EqkEmitter *self, int value);

/** Which static values the model expands at init and where. */
void eqk_emitter_plan_init (EqkEmitter *self);
/** Bodies of init, forward and reverse. */
void eqk_emitter_passes (EqkEmitter *self);
void eqk_emitter_ports (EqkEmitter *self);

/* Files; each writes one text. */
void eqk_emitter_banner     (EqkEmitter *self, EqkText *out, const char *file);
void eqk_emitter_header     (EqkEmitter *self, EqkText *out);
void eqk_emitter_source     (EqkEmitter *self, EqkText *out);
void eqk_emitter_weights    (EqkEmitter *self, EqkText *out);
void eqk_emitter_selftest   (EqkEmitter *self, EqkText *out);
void eqk_emitter_example    (EqkEmitter *self, EqkText *out);
void eqk_emitter_cmake      (EqkEmitter *self, EqkText *out);
void eqk_emitter_meson      (EqkEmitter *self, EqkText *out);
void eqk_emitter_readme     (EqkEmitter *self, EqkText *out);
void eqk_emitter_json       (EqkEmitter *self, EqkText *out);
/* The optional list of neighbours (neighbours.c): nothing where edges are not by a cut-off. */
void eqk_emitter_declare_neighbours (EqkEmitter *self, EqkText *out);
void eqk_emitter_define_neighbours  (EqkEmitter *self, EqkText *out);
void eqk_emitter_check_neighbours   (EqkEmitter *self, EqkText *out);
bool eqk_emitter_has_neighbours     (const EqkEmitter *self);
/* Facts for callers (facts.c): lines of text, each after `lead`; arrays of names; fields of model.json. */
const char *eqk_emitter_symmetry (EqkEmitter *self);
bool eqk_emitter_has_classes   (const EqkEmitter *self);
bool eqk_emitter_has_kinds     (const EqkEmitter *self);
void eqk_emitter_feed_notes    (EqkEmitter *self, EqkText *out, const char *lead);
void eqk_emitter_edge_notes    (EqkEmitter *self, EqkText *out, const char *lead);
void eqk_emitter_declare_names (EqkEmitter *self, EqkText *out);
void eqk_emitter_define_names  (EqkEmitter *self, EqkText *out);
void eqk_emitter_json_facts    (EqkEmitter *self, EqkText *out);
/** Seed of the inputs of a pair of the self-test: one that gives no more nodes and edges than the model can take. */
uint64_t eqk_emitter_seed (const EqkEmitter *self, int pair);
/** FNV-1a over the words of all tables, as the exported program computes it. */
uint32_t eqk_emitter_checksum (const EqkEmitter *self);
size_t eqk_emitter_arena_bytes (const EqkEmitter *self);
size_t eqk_emitter_table_bytes (const EqkEmitter *self);
/** "EQ_MODEL_IMAGE_COUNT" or "n_nodes * 3": numbers in a port, as C. */
const char *eqk_emitter_port_count (EqkEmitter *self, const EqkEmitPort *port, bool maximum);
