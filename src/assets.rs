//! What is embedded in the program: the phase, its templates, its clauses, the examples.

use tera::{Context, Tera};

/// The embedded phase definition.
pub const PHASE: &str = include_str!("../templates/phase-9-deployment-golive/phase.yaml");
/// What each clause of the protocols demands, in our own words.
pub const CLAUSES: &str = include_str!("../templates/phase-9-deployment-golive/clauses.yaml");

macro_rules! embedded {
    ($dir:literal, $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../", $dir, "/", $name, ".tera")))),*]
    };
}

const TEMPLATES: &[(&str, &str)] = embedded!(
    "templates/phase-9-deployment-golive",
    "phase9_deployment_plan.md",
    "phase9_go_live_monitoring.md",
    "phase9_post_deployment_verification.md",
    "phase9_roll_back_strategy.md",
    "release-manifest.md",
    "rollback-plan.md",
    "deployment-communications.md",
    "deployment-health-log.md",
    "gitattributes",
    "d3p.yaml",
    "allowed_signers",
);

/// The content of a complete honest release: by path in the project, for `d3p demo` and tests.
pub const DEMO: &[(&str, &str)] = &[
    (
        "d3p/phase-9-deployment-golive/phase9_deployment_plan.md",
        include_str!("../demo/documents/phase9_deployment_plan.md.tera"),
    ),
    (
        "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md",
        include_str!("../demo/documents/phase9_go_live_monitoring.md.tera"),
    ),
    (
        "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md",
        include_str!("../demo/documents/phase9_post_deployment_verification.md.tera"),
    ),
    (
        "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md",
        include_str!("../demo/documents/phase9_roll_back_strategy.md.tera"),
    ),
    (
        ".artifacts/deployment/release-manifest.md",
        include_str!("../demo/evidence/release-manifest.md.tera"),
    ),
    (
        ".artifacts/deployment/rollback-plan.md",
        include_str!("../demo/evidence/rollback-plan.md.tera"),
    ),
    (
        "d3p/phase-8-readiness/phase8_go_nogo_decision.md",
        include_str!("../demo/prerequisites/d3p/phase-8-readiness/phase8_go_nogo_decision.md.tera"),
    ),
    (
        ".artifacts/pre-deployment/staging-validation-report.json",
        include_str!(
            "../demo/prerequisites/.artifacts/pre-deployment/staging-validation-report.json.tera"
        ),
    ),
    (
        ".artifacts/pre-deployment/smoke-test-results.json",
        include_str!(
            "../demo/prerequisites/.artifacts/pre-deployment/smoke-test-results.json.tera"
        ),
    ),
    (
        ".artifacts/pre-deployment/rollback-rehearsal-log.json",
        include_str!(
            "../demo/prerequisites/.artifacts/pre-deployment/rollback-rehearsal-log.json.tera"
        ),
    ),
    (
        ".artifacts/environment/validation-suite-report.json",
        include_str!(
            "../demo/prerequisites/.artifacts/environment/validation-suite-report.json.tera"
        ),
    ),
    (
        ".artifacts/quality/quality-audit-report.md",
        include_str!("../demo/prerequisites/.artifacts/quality/quality-audit-report.md.tera"),
    ),
];

/// The demo's project: services, scripts, configuration and the pinned baseline, by path.
pub const DEMO_REPOSITORY: &[(&str, &str)] = &[
    (".gitignore", include_str!("../demo/repository/gitignore")),
    ("services/api/main.sh", include_str!("../demo/repository/services/api/main.sh")),
    ("services/web/main.sh", include_str!("../demo/repository/services/web/main.sh")),
    ("scripts/deploy_backend.sh", include_str!("../demo/repository/scripts/deploy_backend.sh")),
    ("scripts/rollback_backend.sh", include_str!("../demo/repository/scripts/rollback_backend.sh")),
    ("scripts/validate.sh", include_str!("../demo/repository/scripts/validate.sh")),
    ("scripts/check.sh", include_str!("../demo/repository/scripts/check.sh")),
    ("scripts/sample.sh", include_str!("../demo/repository/scripts/sample.sh")),
    ("config/staging.env", include_str!("../demo/repository/config/staging.env")),
    ("config/production.env", include_str!("../demo/repository/config/production.env")),
    ("baseline/v1.3.0.json", include_str!("../demo/repository/baseline/v1.3.0.json")),
];

/// Bodies of the demo's typed evidence, by kind.
pub const DEMO_BODIES: &[(&str, &str)] = &[
    ("staging-deployment-report", include_str!("../demo/bodies/staging-deployment-report.json")),
    ("staging-validation-results", include_str!("../demo/bodies/staging-validation-results.json")),
    ("uat-confirmation", include_str!("../demo/bodies/uat-confirmation.json")),
    (
        "production-deployment-report",
        include_str!("../demo/bodies/production-deployment-report.json"),
    ),
    ("post-deployment-validation", include_str!("../demo/bodies/post-deployment-validation.json")),
    ("retrospective-inputs", include_str!("../demo/bodies/retrospective-inputs.json")),
];

/// A filled example body of a kind of evidence that people record.
pub fn example(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "staging-deployment-report" => {
            include_str!("../examples/evidence/staging-deployment-report.json")
        }
        "staging-validation-results" => {
            include_str!("../examples/evidence/staging-validation-results.json")
        }
        "uat-confirmation" => include_str!("../examples/evidence/uat-confirmation.json"),
        "confirmations" | "live-confirmations" => {
            include_str!("../examples/evidence/confirmations.json")
        }
        "production-deployment-report" => {
            include_str!("../examples/evidence/production-deployment-report.json")
        }
        "post-deployment-validation" => {
            include_str!("../examples/evidence/post-deployment-validation.json")
        }
        "retrospective-inputs" => include_str!("../examples/evidence/retrospective-inputs.json"),
        "deployment-health-log" => include_str!("../examples/evidence/deployment-health-log.json"),
        "deployment-communications" => {
            include_str!("../examples/evidence/deployment-communications.json")
        }
        _ => return None,
    })
}

/// The source of an embedded template.
pub fn template(name: &str) -> Option<&'static str> {
    TEMPLATES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Renders a template's text.
///
/// # Errors
/// The template engine's sentence; for embedded templates it would be a bug of ours.
pub fn render(text: &str, context: &Context) -> Result<String, String> {
    Tera::one_off(text, context, false).map_err(|error| error.to_string())
}
