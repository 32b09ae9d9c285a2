#pragma once

/** A page of what a run's best weights answer on the test part. Measured in a worker when the page is looked at, and again only for other weights. */

#include "services/checkpoint.h"
#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TEST_PAGE (eqs_test_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsTestPage, eqs_test_page, EQS, TEST_PAGE, GtkWidget)

/** What a page measures and how it shows that. */
typedef struct
{
  gpointer   (*measure) (EqsModel *model, EqsSplit *split, int threads, GError **error);   /**< in a worker; NULL with an error */
  void       (*free)    (gpointer result);                                                 /**< any thread */
  GtkWidget *(*make)    (void);                                                            /**< what is filled */
  void       (*clear)   (GtkWidget *view);
  /** Fills the view, which lives no longer than the result. @return the line above it (transfer full) */
  char      *(*show)    (GtkWidget *view, gpointer result);
} EqsTestPageKind;

GtkWidget  *eqs_test_page_new        (const EqsTestPageKind *kind);
/** The run whose best weights are asked. Nothing is measured before the page is active. @param run (nullable) */
void        eqs_test_page_show       (EqsTestPage *self, EqsTraining *run);
void        eqs_test_page_set_active (EqsTestPage *self, gboolean active);

G_END_DECLS
