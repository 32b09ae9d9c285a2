#pragma once

/** A square to draw on with pointer, finger or pen. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

enum { EQS_INK_SIZE = 224 };

#define EQS_TYPE_INK_PAD (eqs_ink_pad_get_type ())
G_DECLARE_FINAL_TYPE (EqsInkPad, eqs_ink_pad, EQS, INK_PAD, GtkWidget)

GtkWidget    *eqs_ink_pad_new   (void);
/** [EQS_INK_SIZE, EQS_INK_SIZE], 0 … 255; valid until more is drawn. */
const guint8 *eqs_ink_pad_get   (EqsInkPad *self);
/** Whether there is no ink. */
gboolean      eqs_ink_pad_is_empty (EqsInkPad *self);
/** Takes all ink away; emits "drawn". */
void          eqs_ink_pad_clear (EqsInkPad *self);
/** A stroke between two places of the square (0 … EQS_INK_SIZE). */
void          eqs_ink_pad_draw  (EqsInkPad *self, double x0, double y0, double x1, double y1);

/** Other ink in place of what is there. @param ink [EQS_INK_SIZE, EQS_INK_SIZE] */
void          eqs_ink_pad_set   (EqsInkPad *self, const guint8 *ink);
/**
 * A picture file of any size as ink: grey, as large as fits, dark on light or light on dark as its rim tells. Any thread.
 * @return [EQS_INK_SIZE, EQS_INK_SIZE] (transfer full); NULL with an error
 */
guint8       *eqs_ink_from_file (const char *path, GError **error);

/* Signal "drawn": there is other ink. */

G_END_DECLS
