#pragma once

/**
 * Templates: finished designs to start from, *.equi files in a folder. Each has a field "template": {id, slug, summary, family,
 * data, parameters, bound, why}, which stays in designs made from it and says where they come from.
 */

#include "model/document.h"

G_BEGIN_DECLS

typedef struct
{
  char       *id, *slug;      /* owned: "T01", "turned-digits" */
  char       *title;          /* owned: the design's name */
  char       *summary, *why;  /* owned: one line; a paragraph */
  char       *family;         /* owned: of eqs_guide */
  char       *data;           /* owned: the shipped data it is made for */
  char       *task, *domain, *output, *group;   /* owned */
  gint64      parameters;     /* as it stands */
  gint64      bound;          /* parameters when it is bound to its data, as the window opens it: their kinds, classes and columns count */
  char       *path;           /* owned */
} EqsTemplate;

/** All templates by id; (element-type EqsTemplate). Looked for in $EQUISTUDIO_DATADIR/templates, the source tree, the installed data. */
GPtrArray   *eqs_templates_list (void);
/** With its texts. */
void         eqs_template_free  (EqsTemplate *self);
/** A design from the template of this id ("T01") or slug ("turned-digits"). @return (transfer full) */
EqsDocument *eqs_template_new   (const char *name, GError **error);
/** Text of the field "template" of a design: "id", "why" …; NULL */
const char  *eqs_template_get_text (EqsDocument *document, const char *key);

G_END_DECLS
