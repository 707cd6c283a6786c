/* SPDX-License-Identifier: Apache-2.0
 *
 * How the structs of models.h map to tables.  What is not said is inferred: the type from the C type, NOT NULL.
 */
#include "models.h"

const char *const priority_names[5] = {"required", "important", "standard", "optional", "extra"};
const char *const kind_names[3] = {"depends", "pre-depends", "recommends"};

ATH_MIXIN(Stamps) {
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .default_value = ath_now(), .onupdate = ath_now());
}

ATH_MODEL(Section, "sections") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(60), .unique = true);
    ath_mixin(stamps, Stamps);
}

ATH_MODEL(Maintainer, "maintainers") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(200));
    ath_column(email, .type = ATH_STRING(200));
    ath_unique_constraint("uq_maintainers", "name", "email");
}

ATH_MODEL(Package, "packages") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(100));
    ath_column(version, .type = ATH_STRING(100));
    ath_column(architecture, .type = ATH_STRING(20));
    ath_column(section_id, .foreign_key = "sections.id", .index = true);
    ath_column(maintainer_id, .foreign_key = "maintainers.id", .index = true);
    ath_column(priority, .type = ATH_ENUM("required", "important", "standard", "optional", "extra"), .index = true);
    ath_column(essential, .default_value = ath_bool(false));
    ath_column(installed_size, .nullable = true, .check = "installed_size >= 0", .comment = "KiB");
    ath_column(description, .type = ATH_TEXT);
    ath_column(homepage, .type = ATH_TEXT, .nullable = true);
    ath_mixin(stamps, Stamps);
    ath_unique_constraint("uq_packages", "name", "architecture");
    ath_table_comment("what is installed");
}

ATH_MODEL(Dependency, "dependencies") {
    ath_column(package_id, .primary_key = true, .foreign_key = "packages.id", .ondelete = "CASCADE");
    ath_column(target_id, .primary_key = true, .foreign_key = "packages.id", .ondelete = "CASCADE", .index = true);
    ath_column(kind, .primary_key = true, .type = ATH_ENUM("depends", "pre-depends", "recommends"));
    ath_column(version, .type = ATH_STRING(200), .nullable = true);
}

ATH_MODEL(File, "files") {
    ath_column(id, .primary_key = true);
    ath_column(package_id, .foreign_key = "packages.id", .ondelete = "CASCADE", .index = true);
    ath_column(path, .type = ATH_TEXT);
    ath_column(directory, .type = ATH_TEXT);
    ath_column(md5, .type = ATH_STRING(32), .nullable = true);
}

ATH_METADATA(Packages, Section, Maintainer, Package, Dependency, File);
