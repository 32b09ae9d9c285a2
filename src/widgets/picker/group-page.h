#pragma once

/** What a group is: its elements on a sample, its Cayley graph and table, its irreducible representations with their matrices. */

#include "widgets/sample-picture.h"

#include "eqk/rep.h"

G_BEGIN_DECLS

#define EQS_TYPE_GROUP_PAGE (eqs_group_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsGroupPage, eqs_group_page, EQS, GROUP_PAGE, GtkWidget)

GtkWidget *eqs_group_page_new  (void);
/** @param sample (nullable) */
void       eqs_group_page_show (EqsGroupPage *self, const EqkGroup *group, EqsSamplePicture *sample);
/** The element that matrices are shown of; of a finite group by its index. */
void       eqs_group_page_choose (EqsGroupPage *self, int element);

G_END_DECLS
