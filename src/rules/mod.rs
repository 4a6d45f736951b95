//! The rules: what can be wrong. One file each; the doc comment on the rule is its page.
//!
//! Rules read a [`Project`] and the times it is judged at, and add findings. They never read files
//! or the clock, and they all run every time: what is shown is decided later.

mod context;
mod off;
mod support;

pub use context::{Context, Judgement};
pub use gl402_launched_in_denied_window::runs_into;
pub use gl415_launched_outside_window::outside_plan;
pub use gl529_review_not_seen::{reviews, waits_for_decision, waits_for_go};
pub(crate) use off::leave as leave_switched_on;
pub use off::switch_off;
pub use support::advice::{
    abandon, after_rollback, begin, close, close_rolled_back, hardware_key, let_another, refreeze,
    restore, set_aside, withdraw,
};
pub(crate) use support::advice::{tell_incident, waive};
pub use support::announcements::unannounced;
pub use support::checkpoints::{States, checkpoint_holds};
pub use support::expected::{expected_record, gate_waivers};
pub use support::launch::{Launch, Outcome, launches, launching_hooks, untold_run};
pub use support::lock::lock_rehearsed;
pub use support::machines::{MachineSigned, beyond, machine_keys, machine_signatures};
pub use support::predicates::unmet;
pub use support::prerequisites::{PrerequisiteStatus, prerequisite_status};
pub use support::rollout::{decide_on_stage, not_ready};
pub use support::stamps::{Timed, stamp_again, timed, unstamped};
pub use support::window::denied_at;

use crate::decisions::Waivers;
use crate::model::{Finding, Redirect, Rule};
#[cfg(doc)]
use crate::project::Project;

/// Declares a rule; the doc comment becomes its page. `elsewhere` marks one that has no `check` of
/// its own.
macro_rules! rule {
    (
        $(#[doc = $page:literal])*
        $code:ident $name:literal $level:ident since $since:literal
        clauses [$($clause:literal),* $(,)?] $(waivable $waivable:literal)? $([$elsewhere:ident])?
    ) => {
        rule!(@check $($elsewhere)?);

        $(#[doc = $page])*
        pub static $code: $crate::model::Rule = $crate::model::Rule {
            code: stringify!($code),
            name: $name,
            level: $crate::model::Level::$level,
            since: $since,
            clauses: &[$($clause),*],
            waivable: { let _waivable = false; $(let _waivable = $waivable;)? _waivable },
            page: concat!($($page, "\n"),*),
        };
    };
    (@check) => {};
    // One of a table of rules (`support`), what follows from what others found, or what only a command can
    // see.
    (@check elsewhere) => {
        pub(super) fn check(_: &crate::rules::Context<'_>, _: &mut Vec<crate::model::Finding>) {}
    };
}

/// Makes the one table of rules out of their modules.
macro_rules! table {
    ($($module:ident $code:ident),* $(,)?) => {
        $(mod $module;)*
        #[allow(unused_imports, reason = "one list, whichever of them others name")]
        pub use { $($module::$code),* };

        /// Every rule, by code.
        pub static RULES: &[&Rule] = &[$(&$module::$code),*];

        /// Runs every rule.
        pub fn check(context: &Context<'_>) -> Vec<Finding> {
            let mut findings = Vec::new();
            support::faults::check(context, &mut findings);
            support::predicates::check(context, &mut findings);
            $($module::check(context, &mut findings);)*
            off::leave(&mut findings);
            findings
        }
    };
}

table! {
    gl001_policy_invalid GL001,
    gl002_definition_invalid GL002,
    gl003_policy_unsatisfiable GL003,
    gl004_policy_loosened GL004,
    gl005_policy_edited GL005,
    gl006_definition_custom GL006,
    gl007_looser_than_recommended GL007,
    gl008_looser_than_before GL008,
    gl009_strategy_against_facts GL009,
    gl101_document_missing GL101,
    gl102_untouched_skeleton GL102,
    gl103_not_utf8 GL103,
    gl104_byte_order_mark GL104,
    gl105_nul_byte GL105,
    gl106_file_too_large GL106,
    gl107_outside_project GL107,
    gl108_not_a_regular_file GL108,
    gl109_unreadable_file GL109,
    gl110_empty_file GL110,
    gl111_name_case_differs GL111,
    gl112_json_syntax GL112,
    gl113_duplicate_key GL113,
    gl114_number_out_of_range GL114,
    gl115_nested_too_deep GL115,
    gl116_yaml_syntax GL116,
    gl117_yaml_alias_or_tag GL117,
    gl118_front_matter_broken GL118,
    gl119_entry_malformed GL119,
    gl120_section_missing GL120,
    gl121_section_out_of_order GL121,
    gl122_section_empty GL122,
    gl123_table_columns GL123,
    gl124_table_cell GL124,
    gl125_service_without_checklist GL125,
    gl126_item_open GL126,
    gl127_placeholder GL127,
    gl128_prompt_unanswered GL128,
    gl129_box_not_backed GL129,
    gl130_not_a_box GL130,
    gl131_document_of_other_release GL131,
    gl132_section_twice GL132,
    gl133_window_denied GL133,
    gl134_threshold_idle GL134,
    gl135_signals_disagree GL135,
    gl136_signal_family_missing GL136,
    gl137_ticked_unseen GL137,
    gl138_item_empty GL138,
    gl139_tracker_row_missing GL139,
    gl140_answered_no GL140,
    gl141_step_empty GL141,
    gl142_example_left GL142,
    gl143_window_unusable GL143,
    gl144_stands_elsewhere GL144,
    gl145_named_twice GL145,
    gl146_passed_in_part GL146,
    gl147_text_of_the_demo GL147,
    gl149_incident_doubtful GL149,
    gl160_fact_without_a_name GL160,
    gl161_change_not_recorded GL161,
    gl201_evidence_missing GL201,
    gl202_schema_mismatch GL202,
    gl203_other_release GL203,
    gl205_citation_broken GL205,
    gl206_predecessor_not_cited GL206,
    gl207_total_contradicts GL207,
    gl208_status_contradicts GL208,
    gl209_requirement_unmet GL209,
    gl210_member_missing GL210,
    gl211_member_unknown GL211,
    gl212_member_twice GL212,
    gl213_not_a_person GL213,
    gl214_cites_itself GL214,
    gl215_readiness_disagrees GL215,
    gl217_reports_failure GL217,
    gl218_configuration_differs GL218,
    gl219_performance_regressed GL219,
    gl220_prerequisite_missing GL220,
    gl221_prerequisite_not_met GL221,
    gl222_prerequisite_undated GL222,
    gl223_report_outdated GL223,
    gl224_artifact_differs GL224,
    gl225_report_edited GL225,
    gl226_workflow_state_differs GL226,
    gl227_observations_differ GL227,
    gl230_derived_differs GL230,
    gl231_hook_failed GL231,
    gl232_not_run GL232,
    gl233_command_not_declared GL233,
    gl234_later_run GL234,
    gl235_run_gone GL235,
    gl236_fewer_tests GL236,
    gl237_report_in_doubt GL237,
    gl238_log_detached GL238,
    gl239_left_running GL239,
    gl240_prerequisite_doubtful GL240,
    gl241_findings_suppressed GL241,
    gl242_mostly_skipped GL242,
    gl243_baseline_unproven GL243,
    gl244_not_taken_back GL244,
    gl245_incident_unsettled GL245,
    gl246_returns_nowhere GL246,
    gl247_rollout_unjudged GL247,
    gl248_rollout_against_documents GL248,
    gl249_papers_disagree GL249,
    gl250_first_release GL250,
    gl260_change_against_facts GL260,
    gl261_part_not_shown GL261,
    gl262_another_artifact_answers GL262,
    gl271_schedule_untold GL271,
    gl301_evidence_stale GL301,
    gl302_time_in_future GL302,
    gl303_time_out_of_order GL303,
    gl304_ends_before_it_starts GL304,
    gl305_launched_before_gates GL305,
    gl310_gate_before_predecessor GL310,
    gl311_bound_file_changed GL311,
    gl312_health_window_short GL312,
    gl313_check_in_missed GL313,
    gl314_samples_copied GL314,
    gl315_threshold_breached GL315,
    gl316_signal_missing GL316,
    gl317_sampler_failed GL317,
    gl318_sampled_another GL318,
    gl320_checkpoint_open GL320,
    gl321_stage_not_done GL321,
    gl322_stage_inconclusive GL322,
    gl323_stage_failed GL323,
    gl324_watched_gone GL324,
    gl325_check_in_not_measured GL325,
    gl326_answered_by_stranger GL326,
    gl401_launched_without_rollback_plan GL401,
    gl402_launched_in_denied_window GL402,
    gl403_signal_without_threshold GL403,
    gl404_closed_right_after_push GL404,
    gl405_silent_launch GL405,
    gl406_launched_without_go GL406,
    gl408_question_open GL408,
    gl410_approval_used_up GL410,
    gl411_window_overridden GL411,
    gl412_rollback_decided GL412,
    gl413_rollback_undecided GL413,
    gl414_head_not_the_release GL414,
    gl415_launched_outside_window GL415,
    gl416_skip_unfounded GL416,
    gl417_emergency_not_allowed GL417,
    gl418_emergency_owes GL418,
    gl419_review_late GL419,
    gl501_decision_missing GL501,
    gl502_no_go GL502,
    gl503_statement_malformed GL503,
    gl504_approval_superseded GL504,
    gl505_approval_expired GL505,
    gl506_approval_too_early GL506,
    gl507_threshold_unmet GL507,
    gl508_approver_not_listed GL508,
    gl509_no_go_removed GL509,
    gl510_signature_missing GL510,
    gl511_signature_invalid GL511,
    gl512_signer_not_allowed GL512,
    gl513_presence_missing GL513,
    gl514_approver_not_separate GL514,
    gl515_role_missing GL515,
    gl516_signers_ambiguous GL516,
    gl517_key_expired_since GL517,
    gl518_machine_key_unusable GL518,
    gl519_machine_signature_invalid GL519,
    gl521_machine_signature_gone GL521,
    gl522_waiver_invalid GL522,
    gl523_waiver_expired GL523,
    gl524_waiver_unused GL524,
    gl525_waiver_lacks_persons GL525,
    gl526_rollback_decision_invalid GL526,
    gl527_rollback_decision_gone GL527,
    gl528_objected_to_before GL528,
    gl529_review_not_seen GL529,
    gl530_author_unknown GL530,
    gl531_authors_incomplete GL531,
    gl532_authors_differ GL532,
    gl533_fix_not_named GL533,
    gl534_failed_before GL534,
    gl535_query_doubtful GL535,
    gl536_launch_lock_untried GL536,
    gl537_launched_unlocked GL537,
    gl538_launch_lock_held GL538,
    gl539_launch_lock_gone GL539,
    gl540_launch_lock_unreachable GL540,
    gl541_objection_elsewhere GL541,
    gl542_launched_elsewhere GL542,
    gl543_timestamp_roots_unusable GL543,
    gl544_timestamp_invalid GL544,
    gl545_timestamp_missing GL545,
    gl546_time_contradicted GL546,
    gl901_record_differs GL901,
    gl902_record_missing GL902,
    gl903_ledger_malformed GL903,
    gl904_ledger_broken GL904,
    gl905_ledger_forked GL905,
    gl906_object_differs GL906,
    gl907_record_interrupted GL907,
    gl908_frozen_policy_broken GL908,
    gl909_undeclared_file GL909,
    gl910_record_time GL910,
    gl911_unexpected_release GL911,
    gl912_entry_gone GL912,
    gl913_trust_root_differs GL913,
    gl914_head_missing GL914,
    gl915_assurance_too_low GL915,
    gl916_policy_looser_than_root GL916,
    gl917_bundle_member_unlisted GL917,
    gl918_bundle_member_missing GL918,
    gl919_bundle_member_altered GL919,
    gl920_bundle_malformed GL920,
    gl921_written_after_closing GL921,
    gl922_kept_file_gone GL922,
    gl923_history_shrank GL923,
    gl924_history_file_gone GL924,
    gl925_history_passed_without GL925,
    gl926_policy_ended GL926,
}

/// Runs the rules that need to know what people let stand.
pub fn check_waived(context: &Context<'_>, waivers: &Waivers) -> Vec<Finding> {
    let mut findings = Vec::new();
    gl522_waiver_invalid::check_waived(context, waivers, &mut findings);
    gl523_waiver_expired::check_waived(context, waivers, &mut findings);
    gl524_waiver_unused::check_waived(context, waivers, &mut findings);
    gl525_waiver_lacks_persons::check_waived(context, waivers, &mut findings);
    gl901_record_differs::check_waived(context, waivers, &mut findings);
    off::leave(&mut findings);
    findings
}

/// Lets stand what waited for whoever approves, where they saw it and said GO.
pub fn check_reviews(context: &Context<'_>, findings: &mut Vec<Finding>) {
    gl529_review_not_seen::check_reviews(context, findings);
    off::leave(findings);
}

/// Compares compiled reports with what makes them, once it is known what waits for whoever decides.
pub fn check_reports(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let waits = findings.iter().any(|own| waits_for_decision(context.project, own));
    let reports = context.reports(waits);
    gl223_report_outdated::check_reports(context, &reports, findings);
    gl225_report_edited::check_reports(&reports, findings);
    off::leave(findings);
}

/// Runs the rules that need to know what everything else is worth.
pub fn check_states(context: &Context<'_>, states: &States) -> Vec<Finding> {
    let mut findings = Vec::new();
    gl129_box_not_backed::check_states(context, states, &mut findings);
    gl310_gate_before_predecessor::check_states(context, states, &mut findings);
    gl320_checkpoint_open::check_states(context, states, &mut findings);
    gl418_emergency_owes::check_states(context, states, &mut findings);
    off::leave(&mut findings);
    findings
}

/// Retired codes.
pub static REDIRECTS: &[Redirect] = &[Redirect { from: "GL407", to: "GL007" }];

/// A rule by code or name.
pub fn find(name: &str) -> Option<&'static Rule> {
    let code = REDIRECTS
        .iter()
        .find(|redirect| redirect.from.eq_ignore_ascii_case(name))
        .map_or(name, |redirect| redirect.to);
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code) || rule.name == code)
}
