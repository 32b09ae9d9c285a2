#pragma once

/**
 * From the document to the kernels: bodies of blocks are unrolled, bypassed nodes stepped over, settings converted. What
 * comes back are types, problems, costs and the program; all of it is derived and made anew after an edit.
 */

#include "model/document.h"
#include "model/problem.h"

#include "eqk/run.h"

G_BEGIN_DECLS

/** The symmetry a document asks for: "C4", "SE3" …; unknown groups are an error that names it. */
gboolean eqs_compile_symmetry (EqsDocument *document, EqkSymmetry *symmetry, GError **error);

/** Ids of all groups that a design can have, simplest first. SE2 and E2 are SO2 and O2 with translations and not listed. (transfer full) */
char   **eqs_compile_list_groups (void);

/** For people: "D₄", "E(3)", "Sₙ", "E(3) × Sₙ", and what it is. (transfer full) */
char     *eqs_symmetry_dup_notation (const EqkSymmetry *symmetry);
/** What it is, translated: "Rotations by quarter turns, any order". (transfer full) */
char     *eqs_symmetry_dup_title    (const EqkSymmetry *symmetry);

/** "block/0/conv" (a node of the kernels' graph) into "block/conv" (a path of the document). */
char     *eqs_compile_dup_path (const char *kernel_id);
/** Node of the kernels' graph that stands for a path of the document: its first copy. -1: none. */
int       eqs_compile_find_node (const EqkTyped *typed, const char *path);
/** "k=5 out=16x reg" into settings of a node; a value in the same form. (transfer full) */
EqsMap   *eqs_map_from_settings_text (const char *text);
/** The text itself where it cannot be read as a setting. (transfer full) */
EqsValue *eqs_value_from_setting_text (const char *text);
/**
 * For the kernels (eqk_settings_free); map may be NULL. Null values and objects are left out: the layer's default
 * counts.
 */
EqkSettings *eqs_settings_from_map (const EqsMap *map);

/** Applies the document's preview block ("node.param": value), and removes it. @return changes as sentences */
gboolean eqs_compile_apply_preview (EqsDocument *document, GError **error);

typedef struct
{
  const char *id;            /**< path in the document */
  const char *layer;
  int         kernel_node;   /**< first copy; -1: has no part in the program (unknown layer, note) */
  gint64      parameters;
  double      macs;
} EqsNodeCost;

/** Everything that is known of a design without running it. */
typedef struct
{
  gatomicrefcount refs;
  EqkTyped   *typed;          /* owned (nullable): no types where the symmetry is unknown */
  EqkProgram *program;        /* owned (nullable): none where something blocks the run */
  GPtrArray  *problems;       /* owned, of EqsProblem */
  GArray     *nodes;          /* owned, of EqsNodeCost, in the order of the document's main graph */
  GHashTable *inside;         /* owned: path → EqsNodeCost of what is inside of blocks; of copies, all of them together */
  gboolean    ok;             /* nothing blocks anything */
  EqkBlocks   blocks;         /* the worst */
  gint64      parameters;
  double      macs;           /* of one sample (nominal sizes) */
  gsize       weight_bytes, arena_bytes, train_arena_bytes;
  EqkSizes    nominal;        /* what the costs are for */
} EqsCheck;

/** Fails only for want of memory; a bad design is a list of problems. */
EqsCheck *eqs_check_new   (EqsDocument *document, GError **error);
/** The same without looking at the limits of the specification: for the trials by which widths within them are found. */
EqsCheck *eqs_check_new_without_search (EqsDocument *document, GError **error);
/** One more owner, from any thread. @return self */
EqsCheck *eqs_check_ref   (EqsCheck *self);
/** One owner less, from any thread; the last one frees types, program and problems. */
void      eqs_check_unref (EqsCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsCheck, eqs_check_unref)

/** What a node costs, of the main graph or inside of a block, by its path; borrowed. NULL: not known. */
const EqsNodeCost *eqs_check_get_cost (const EqsCheck *self, const char *path);

/** A sentence for a failure of the kernels. */
void eqs_compile_set_error (GError **error, EqkStatus status, const EqkDiag *diag);

/**
 * The plain node and port that give what an output of a node gives: of a block, what is led to that output inside, and so on.
 * @param port (nullable) the first output there is  @param out_port (out) (transfer full) NULL: the node's first
 * @return path (transfer full); NULL: nothing is led there
 */
char *eqs_compile_dup_source (EqsDocument *document, const char *path, const char *port, char **out_port);

/** Type of what comes in through a port of the block that a scope names, followed outwards to a node. NULL: not known. */
const EqkPortType *eqs_check_border_type (const EqsCheck *self, EqsDocument *document, const char *scope, const char *port);
/**
 * The type at an output of a node or of a block (then of its last copy, which has that of its first).
 * @param port (nullable) the first output  @return (transfer none) (nullable): no such port, or no type there
 */
const EqkPortType *eqs_check_output_type (const EqsCheck *self, EqsDocument *document, const char *path, const char *port);

G_END_DECLS
