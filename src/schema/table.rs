//! The embedded schemas, compiled at build time.
//!
//! Adding a schema is adding its file under `schemas/` and its line at the end of this file.

use jsonschema::ErrorIterator;
use serde_json::Value;

/// A schema that is part of this program.
pub(super) struct Embedded {
    /// Its name: the file's name up to `.v1.schema.json`.
    pub(super) name: &'static str,
    /// The text of its file.
    pub(super) text: &'static str,
    /// What is wrong with a value, in the words of the library.
    pub(super) errors: for<'a> fn(&'a Value) -> ErrorIterator<'a>,
}

/// The embedded schema called `name`.
pub(super) fn find(name: &str) -> Option<&'static Embedded> {
    TABLE.iter().find(|schema| schema.name == name)
}

macro_rules! embedded {
    ($($module:ident: $name:literal => $file:literal,)*) => {
        $(mod $module {
            #[jsonschema::validator(
                path = $file,
                draft = Draft202012,
                resources = {
                    "https://d3p.dev/schemas/header.v1.schema.json" => {
                        path = "schemas/header.v1.schema.json"
                    },
                    "https://d3p.dev/schemas/d3p.v1.schema.json" => {
                        path = "schemas/d3p.v1.schema.json"
                    },
                },
                validate_formats = true,
                ignore_unknown_formats = false,
                formats = {
                    "d3p-time" => crate::schema::formats::time,
                    "d3p-day" => crate::schema::formats::day,
                    "d3p-time-or-day" => crate::schema::formats::time_or_day,
                    "d3p-span" => crate::schema::formats::span,
                    "d3p-percent" => crate::schema::formats::percent,
                    "d3p-quantity" => crate::schema::formats::quantity,
                    "d3p-path" => crate::schema::formats::path,
                    "d3p-source" => crate::schema::formats::source,
                    "d3p-filled" => crate::schema::formats::filled,
                    "d3p-version" => crate::schema::formats::version,
                    "d3p-commit" => crate::schema::formats::commit,
                    "d3p-sha256" => crate::schema::formats::sha256,
                },
                methods = { is_valid = false, validate = false, iter_errors = true },
            )]
            pub(super) struct Compiled;
        })*

        /// Every embedded schema.
        pub(super) static TABLE: &[Embedded] = &[$(Embedded {
            name: $name,
            text: include_str!(concat!("../../", $file)),
            errors: $module::Compiled::iter_errors,
        }),*];

        /// The names of [`TABLE`], in its order.
        pub(super) static NAMES: &[&str] = &[$($name),*];
    };
}

embedded! {
    header: "header" => "schemas/header.v1.schema.json",
    deployment_readiness_checklist: "deployment-readiness-checklist" =>
        "schemas/deployment-readiness-checklist.v1.schema.json",
    staging_deployment_report: "staging-deployment-report" =>
        "schemas/staging-deployment-report.v1.schema.json",
    staging_validation_results: "staging-validation-results" =>
        "schemas/staging-validation-results.v1.schema.json",
    uat_confirmation: "uat-confirmation" => "schemas/uat-confirmation.v1.schema.json",
    confirmations: "confirmations" => "schemas/confirmations.v1.schema.json",
    live_confirmations: "live-confirmations" => "schemas/live-confirmations.v1.schema.json",
    production_approval: "production-approval" => "schemas/production-approval.v1.schema.json",
    rollback_decision: "rollback-decision" => "schemas/rollback-decision.v1.schema.json",
    production_deployment_report: "production-deployment-report" =>
        "schemas/production-deployment-report.v1.schema.json",
    post_deployment_validation: "post-deployment-validation" =>
        "schemas/post-deployment-validation.v1.schema.json",
    retrospective_inputs: "retrospective-inputs" => "schemas/retrospective-inputs.v1.schema.json",
    release_manifest: "release-manifest" => "schemas/release-manifest.v1.schema.json",
    rollback_plan: "rollback-plan" => "schemas/rollback-plan.v1.schema.json",
    deployment_communications: "deployment-communications" =>
        "schemas/deployment-communications.v1.schema.json",
    deployment_health_log: "deployment-health-log" =>
        "schemas/deployment-health-log.v1.schema.json",
    workflow_state: "workflow-state" => "schemas/workflow-state.v1.schema.json",
    deployment_report: "deployment-report" => "schemas/deployment-report.v1.schema.json",
    health_entry: "health-entry" => "schemas/health-entry.v1.schema.json",
    communication_entry: "communication-entry" => "schemas/communication-entry.v1.schema.json",
    approval_statement: "approval-statement" => "schemas/approval-statement.v1.schema.json",
    rollback_statement: "rollback-statement" => "schemas/rollback-statement.v1.schema.json",
    waivers: "waivers" => "schemas/waivers.v1.schema.json",
    waiver_statement: "waiver-statement" => "schemas/waiver-statement.v1.schema.json",
    d3p: "d3p" => "schemas/d3p.v1.schema.json",
    phase: "phase" => "schemas/phase.v1.schema.json",
    run: "run" => "schemas/run.v1.schema.json",
    ledger_entry: "ledger-entry" => "schemas/ledger-entry.v1.schema.json",
    gate_record: "gate-record" => "schemas/gate-record.v1.schema.json",
    dsse_envelope: "dsse-envelope" => "schemas/dsse-envelope.v1.schema.json",
    evidence_statement: "evidence-statement" => "schemas/evidence-statement.v1.schema.json",
    performance: "performance" => "schemas/performance.v1.schema.json",
    health_checks: "health-checks" => "schemas/health-checks.v1.schema.json",
    check_report: "check-report" => "schemas/check-report.v1.schema.json",
    bundle_manifest: "bundle-manifest" => "schemas/bundle-manifest.v1.schema.json",
}
