#pragma once

/** Problems of a design as people read them: a sentence, a reason, and fixes that can be applied. */

#include "model/document.h"
#include "model/edits.h"

#include "eqk/graph.h"

G_BEGIN_DECLS

typedef struct
{
  char      *label;      /* owned, translated */
  GPtrArray *edits;      /* owned, of EqsEdit */
} EqsFix;

typedef struct
{
  const char *code;
  EqkSeverity severity;
  EqkBlocks   blocks;
  char       *node;      /* owned: path of the node; NULL: the design */
  char       *port;      /* owned (nullable) */
  char       *message;   /* owned, translated; nodes by their ids */
  char       *titled;    /* owned, translated: the message with nodes by their titles, for a window */
  char       *why;       /* owned, translated */
  GPtrArray  *fixes;     /* owned, of EqsFix */
} EqsProblem;

/**
 * Without fixes; what it blocks comes from the table of lints, and an unknown code blocks the run. Texts are copied.
 * (transfer full)
 */
EqsProblem *eqs_problem_new  (const char *code, const char *node, const char *port, const char *message, const char *why);
/** One more fix of a single edit. @param edit (transfer full) */
void        eqs_problem_add_fix (EqsProblem *self, const char *label, EqsEdit *edit);
/** With its fixes and their edits. */
void        eqs_problem_free (EqsProblem *self);
/** From a kernel's problem; node is the path of its node in the document (nullable). */
EqsProblem *eqs_problem_new_from_kernel (const EqkProblem *problem, const char *node);

/** Fills `titled` from the lint's arguments (nullable). */
void        eqs_problem_set_titles (EqsProblem *self, const char *args, EqsDocument *document);

/**
 * What the fix changes, in a line: "image: height 33, width 33; new disk_mask before conv". "" where its label says it all. (transfer full)
 * @param document (nullable) what it is of: then with titles, "Image: Height 33, …; new Disk mask before Steerable conv"
 */
char       *eqs_fix_dup_text    (const EqsFix *self, EqsDocument *document);

/** How many letters two words share at their beginnings and ends; 0 where more than two, or more than half of them, do not agree. */
gsize       eqs_word_likeness   (const char *a, const char *b);

/** "note", "warning", "error": for files and the command line, not translated. */
const char *eqs_severity_name (EqkSeverity severity);
/** "run", "promise"; NULL for what blocks nothing. */
const char *eqs_blocks_name   (EqkBlocks blocks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsProblem, eqs_problem_free)

G_END_DECLS
