//! The list of all tests. A story that is not in it is dead code, which the lints refuse.

use crate::{Database, in_parallel, model, story, through_the_service};
use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

/// `module::name` of async functions that are generic over the database.
macro_rules! trials {
    ($database:ident; $($module:ident: $($name:ident),+;)+) => {
        vec![$($(Trial::test(concat!(stringify!($module), "::", stringify!($name)), || {
            in_runtime(story::$module::$name::<$database>());
            Ok(())
        }),)+)+]
    };
}

fn in_runtime(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test);
}

/// Runs the suite as a test program does: takes libtest's arguments, answers its exit code.
#[must_use]
pub fn run<D: Database>() -> ExitCode {
    // The longest first and in parts, so that the others run beside it.
    let mut trials = Vec::new();
    let mut test = |name: &str, test: fn()| {
        trials.push(Trial::test(name, move || {
            test();
            Ok(())
        }));
    };
    for part in ["", "_and_so_are_others", "_and_yet_others"] {
        let name = format!("model::random_histories_are_what_a_plain_computation_says{part}");
        test(&name, model::random_histories::<D>);
    }
    test("in_parallel::two_handles_at_once_count_everything_exactly_once", || {
        in_runtime(in_parallel::overlapping_batches::<D>());
    });
    test("in_parallel::a_reader_never_sees_half_a_batch", || in_runtime(in_parallel::whole_batches::<D>()));
    test("in_parallel::folds_through_both_handles_at_once_count_every_delta_once", || {
        in_runtime(in_parallel::folds::<D>());
    });
    test("in_parallel::the_same_submission_sent_through_both_handles_counts_once", || {
        in_runtime(in_parallel::same_submission::<D>());
    });
    test("through_the_service::an_unreliable_connection_loses_and_doubles_nothing", || {
        in_runtime(through_the_service::unreliable_connection::<D>());
    });
    test("through_the_service::deletions_and_rebuilds_over_an_unreliable_connection_are_answered_honestly", || {
        in_runtime(through_the_service::unreliable_changes::<D>());
    });
    test(
        "through_the_service::who_goes_away_before_the_answer_is_charged_for_what_counts_and_for_nothing_else",
        || {
            in_runtime(through_the_service::impatient_people::<D>());
        },
    );
    test("through_the_service::readers_do_not_queue_up_before_a_database_that_does_not_answer", || {
        in_runtime(through_the_service::stalled_reads::<D>());
    });
    test("through_the_service::whoever_knows_a_total_reads_only_what_came_since", || {
        in_runtime(through_the_service::reads_of_what_came_since::<D>());
    });
    test("through_the_service::readers_share_loads_while_submissions_keep_coming", || {
        in_runtime(through_the_service::reads_among_submissions::<D>());
    });
    trials.extend(stories::<D>());
    let mut arguments = Arguments::from_args();
    // As the ordinary harness does.
    let threads = || std::env::var("RUST_TEST_THREADS").ok()?.parse().ok();
    arguments.test_threads = arguments.test_threads.or_else(threads);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn stories<D: Database>() -> Vec<Trial> {
    trials! { D;
        newest:
            a_participant_counts_once_with_the_newest,
            older_by_its_time_stays_in_the_history_only,
            the_time_of_the_id_goes_before_the_order_of_arrival,
            equal_times_are_decided_by_the_version,
            equal_times_in_one_batch_are_decided_by_the_id,
            without_a_participant_each_submission_stands_alone,
            budgets_are_counted_apart;
        time:
            an_id_of_the_future_counts_at_the_time_of_its_commit,
            an_id_is_taken_from_90_days_ago_to_one_day_ahead,
            a_known_id_is_answered_after_its_window,
            the_day_is_the_utc_day_of_the_effective_time,
            a_clock_that_goes_backwards_changes_nothing_that_is_stored;
        replay:
            a_replay_gets_the_first_answer,
            a_replay_says_counted_also_after_it_was_superseded,
            a_replay_says_superseded_also_after_it_counts,
            a_replay_changes_nothing,
            a_replay_by_somebody_else_is_still_a_replay,
            other_points_conflict,
            other_segments_conflict,
            another_budget_conflicts,
            a_conflict_changes_nothing;
        deletion:
            a_deleted_submission_no_longer_counts,
            the_next_newest_counts_again,
            the_next_newest_is_found_by_time_not_by_arrival,
            deleting_an_old_one_leaves_the_total_and_advances_the_version,
            a_deleted_id_is_answered_as_deleted,
            deleting_twice_says_so_and_an_unknown_id_too,
            a_forgotten_tombstone_frees_the_id,
            deletion_works_after_the_fold;
        closing:
            a_closed_budget_takes_nothing_new,
            a_closed_budget_still_answers_replays_conflicts_and_deletions,
            a_reopened_budget_takes_submissions_again,
            an_unknown_budget_is_said_to_be_unknown,
            closing_advances_the_version_once;
        jobs:
            what_belongs_to_a_commit_is_left_with_it_and_becomes_one_job,
            a_change_that_was_not_made_leaves_no_job,
            a_job_with_a_key_is_there_once,
            a_job_that_waits_is_not_added_again,
            a_waiting_job_can_be_cancelled_and_tried_again,
            only_what_ended_well_is_forgotten;
        batch:
            an_empty_batch_does_nothing,
            outcomes_come_in_the_order_of_the_batch,
            the_newest_of_a_participant_within_a_batch_counts,
            a_batch_may_hold_the_older_after_the_newer,
            an_id_twice_in_a_batch_counts_once,
            an_id_twice_with_other_content_conflicts,
            an_id_of_another_budget_conflicts_also_at_the_same_version,
            a_repeat_hears_what_its_first_answer_says,
            one_batch_may_serve_several_budgets,
            a_refused_first_does_not_hide_a_valid_second,
            a_big_batch_is_one_version,
            points_that_do_not_fit_the_budget_are_rejected_with_their_batch;
        version:
            a_version_is_the_time_of_the_commit,
            versions_grow_when_the_clock_stands_still_or_goes_back,
            nothing_new_leaves_the_version,
            heads_totals_and_audits_agree_on_the_version;
        budgets:
            an_import_is_created_then_unchanged_then_updated,
            categories_and_segments_are_frozen_by_the_first_submission,
            without_submissions_the_categories_may_change,
            points_that_do_not_fit_the_categories_are_rejected_with_their_batch,
            budgets_come_in_the_order_in_which_they_were_made,
            an_empty_aggregate_counts_nobody,
            what_is_unknown_is_none,
            the_instance_stays_the_same_for_every_handle,
            migrating_again_does_nothing;
        fold:
            folding_keeps_every_number_and_the_version,
            folding_goes_in_steps,
            folding_one_budget_leaves_the_others,
            a_total_that_returns_to_zero_leaves_no_cell,
            a_commit_after_a_fold_adds_to_it;
        total:
            a_known_total_goes_on_with_what_came_since,
            a_known_total_goes_on_until_it_is_folded,
            a_known_total_ends_with_a_correction,
            a_known_total_ends_with_its_budget;
        correct:
            a_correction_mends_what_the_audit_finds,
            a_correction_commutes_with_commits_in_between,
            a_correction_is_folded_like_every_delta,
            a_repeated_correction_corrects_once,
            nothing_to_correct_leaves_the_version,
            the_audit_reports_its_progress;
        archive:
            archiving_changes_no_aggregate_and_no_version,
            archiving_twice_does_nothing_more,
            a_step_that_is_repeated_counts_nothing_twice,
            only_the_months_before_go,
            another_budget_keeps_what_it_has,
            a_replay_of_an_archived_id_is_refused_and_counts_nothing,
            a_commit_into_an_archived_month_is_refused_whatever_the_clock_says,
            a_newer_submission_takes_the_place_of_a_kept_one,
            deleting_a_kept_one_takes_it_out_and_nobody_follows,
            a_rebuild_counts_what_is_archived,
            nothing_is_loaded_into_an_archived_month,
            what_is_archived_freezes_the_categories,
            a_copy_has_what_is_archived_and_goes_on_as_the_source_would,
            a_copy_follows_what_is_archived_since,
            a_copy_that_was_archived_by_itself_becomes_what_the_source_is,
            only_a_copy_takes_archived_submissions_over;
        bulk:
            the_newest_of_each_participant_counts,
            bulk_supersedes_what_was_committed_before,
            what_was_committed_counts_against_older_bulk,
            commits_go_on_after_a_bulk_load,
            a_replay_of_a_bulk_row_is_answered,
            bulk_into_an_unknown_budget_fails,
            an_empty_bulk_load_leaves_the_version,
            a_bulk_load_brings_no_deleted_id_back,
            a_refused_bulk_leaves_nothing;
        reading:
            a_lookup_answers_in_the_order_of_the_question,
            a_lookup_finds_everything_that_was_said,
            a_history_is_newest_first_over_all_budgets,
            a_history_is_cut_at_its_limit,
            a_history_of_a_stranger_is_empty,
            attendance_counts_all_budgets_and_shows_what_counts_in_one,
            submissions_per_day_count_the_superseded_too,
            participants_of_any_64_bits_are_kept,
            forty_categories_are_kept;
        inspect:
            every_look_answers_and_nothing_is_wrong_with_a_new_database,
            a_migrated_database_lacks_no_migration,
            participants_are_counted_once_and_those_who_came_back_are_told_apart,
            submissions_of_a_span_of_time_come_oldest_first;
        moving:
            a_copy_is_what_the_source_is_and_answers_replays_to_the_letter,
            copying_again_changes_nothing,
            a_second_run_brings_what_is_new_with_deletions_and_who_counts,
            whatever_happens_at_the_source_a_copy_follows,
            nobody_else_becomes_a_target,
            a_target_that_is_in_use_is_left_alone,
            rows_from_elsewhere_count_beside_those_of_the_budget,
            an_intake_brings_no_deleted_id_back_and_happens_whole_or_not,
            a_database_that_was_set_back_is_another_instance_with_newer_versions;
        handles:
            what_one_handle_committed_the_other_reads,
            both_handles_supersede_each_other,
            a_deletion_through_the_other_handle_is_seen,
            a_new_handle_finds_everything;
    }
}
