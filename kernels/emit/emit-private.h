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
  const void *data;      /* of the emission's heap */
  uint64_t    hash;      /* of the data: tells at once most that differ */
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
  double                 *single_error;  /* [pairs][ports]: how far the studio's own single precision is from the outputs; NULL where no operation jumps */
  double                 *largest;       /* [ports] of the outputs of all pairs */
  EqkStatus               status;
  char                    what[160];
  const char             *failed_node;
};

/** Remembers the first failure. */
void eqk_emitter_fail (EqkEmitter *self, EqkStatus status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
/** Zeroed memory that lives as long as the emission; NULL, and the emission has failed, without memory. */
void *eqk_emitter_alloc (EqkEmitter *self, size_t bytes);
/** Such a text of at most 511 bytes, longer ones are cut; "", and the emission has failed, without memory. */
const char *eqk_emitter_text (EqkEmitter *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/** Letters, digits and underscores of text, at most 40. */
const char *eqk_emitter_identifier (EqkEmitter *self, const char *text, bool capitals);
/** Drops all functions, tables and texts: another attempt follows. */
void eqk_emitter_forget (EqkEmitter *self);

/** Gradient of a value in the reverse pass; NULL when it has none. */
const char *eqk_emitter_lane (EqkEmitter *self, int value);

/** Which static values the model expands at init and where. */
void eqk_emitter_plan_init (EqkEmitter *self);
/** Bodies of init, forward and reverse. */
void eqk_emitter_passes (EqkEmitter *self);
/** Inputs and outputs of the exported model with their C names, from the rig's feeds and the program's outputs. */
void eqk_emitter_ports (EqkEmitter *self);

/* Files; each writes one text. */
/** The comment at the top of a file: what it is, the design, where it comes from, the licence. */
void eqk_emitter_banner     (EqkEmitter *self, EqkText *out, const char *file);
/** model.h: limits, the struct of a model, and its functions with shapes and order of every argument. */
void eqk_emitter_header     (EqkEmitter *self, EqkText *out);
/** model.c: functions of the operations, init, run, checksum, neighbours. After the passes. */
void eqk_emitter_source     (EqkEmitter *self, EqkText *out);
/** model_weights.c: all constant tables. */
void eqk_emitter_weights    (EqkEmitter *self, EqkText *out);
/**
 * selftest.c: 16 recorded runs, and the symmetry by elements that can be checked there. Sets n_elements, pair_nodes
 * and pair_edges.
 */
void eqk_emitter_selftest   (EqkEmitter *self, EqkText *out);
/** example.c: the smallest program that runs the model. */
void eqk_emitter_example    (EqkEmitter *self, EqkText *out);
/* Other languages (bindings.c): the same program, with the same numbers. */
/** example.cc: example.c as C++. */
void eqk_emitter_example_cxx     (EqkEmitter *self, EqkText *out);
/** model.f90: a module that binds what model.h declares. */
void eqk_emitter_fortran         (EqkEmitter *self, EqkText *out);
/** example.f90: example.c as Fortran. */
void eqk_emitter_example_fortran (EqkEmitter *self, EqkText *out);
/** CMakeLists.txt: library, example, test. */
void eqk_emitter_cmake      (EqkEmitter *self, EqkText *out);
/** meson.build: the same. */
void eqk_emitter_meson      (EqkEmitter *self, EqkText *out);
/** README.md; what it says of the self-test is known after eqk_emitter_selftest. */
void eqk_emitter_readme     (EqkEmitter *self, EqkText *out);
/** model.json: the same facts for programs. */
void eqk_emitter_json       (EqkEmitter *self, EqkText *out);
/* The optional list of neighbours (neighbours.c): nothing where edges are not by a cut-off. */
/** The prototype, its memory and the cut-off, for model.h. */
void eqk_emitter_declare_neighbours (EqkEmitter *self, EqkText *out);
/** Its definition, for model.c. */
void eqk_emitter_define_neighbours  (EqkEmitter *self, EqkText *out);
/** Its check against the edges of the studio, for selftest.c. */
void eqk_emitter_check_neighbours   (EqkEmitter *self, EqkText *out);
/** Whether edges are by a cut-off alone, so that there is such a list. */
bool eqk_emitter_has_neighbours     (const EqkEmitter *self);
/* Facts for callers (facts.c): lines of text, each after `lead`; arrays of names; fields of model.json. */
/** The promise of the design (eqk_typed_promise_text), at most 511 bytes of it. */
const char *eqk_emitter_symmetry (EqkEmitter *self);
/** Whether names of classes are given and an output is as wide. */
bool eqk_emitter_has_classes   (const EqkEmitter *self);
/** Whether names of kinds are given and an input takes kinds. */
bool eqk_emitter_has_kinds     (const EqkEmitter *self);
/** Lines on inputs and answers: order, scale, units, names, convention. @param lead  what begins each: " * " or "- " */
void eqk_emitter_feed_notes    (EqkEmitter *self, EqkText *out, const char *lead);
/** Which edges a caller has to make, and the cut-off with its unit. */
void eqk_emitter_edge_notes    (EqkEmitter *self, EqkText *out, const char *lead);
/** Arrays of names of classes and kinds, for model.h; nothing where there are none. */
void eqk_emitter_declare_names (EqkEmitter *self, EqkText *out);
/** Their definitions, for model.c. */
void eqk_emitter_define_names  (EqkEmitter *self, EqkText *out);
/** Fields "classes", "kinds", "byte_scale", "feed", each with its comma. */
void eqk_emitter_json_facts    (EqkEmitter *self, EqkText *out);
/** Seed of the inputs of a pair of the self-test: one that gives no more nodes and edges than the model can take. */
uint64_t eqk_emitter_seed (const EqkEmitter *self, int pair);
/** FNV-1a over the words of all tables, as the exported program computes it. */
uint32_t eqk_emitter_checksum (const EqkEmitter *self);
/** Working memory of the exported model. */
size_t eqk_emitter_arena_bytes (const EqkEmitter *self);
/** Constant data: 4 bytes a number. */
size_t eqk_emitter_table_bytes (const EqkEmitter *self);
/** "EQ_MODEL_IMAGE_COUNT" or "n_nodes * 3": numbers in a port, as C. */
const char *eqk_emitter_port_count (EqkEmitter *self, const EqkEmitPort *port, bool maximum);
