//! Mutations of members and invitations: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use entity::{invitation, membership, organisation};

use super::super::service::{self, Answer};
use super::{Invitation, Membership};
use crate::auth::Role;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::scalars::LocaleCode;
use crate::ids::Id;
use crate::payload;

/// Whom an owner invites.
#[derive(InputObject)]
struct InviteMemberInput {
    /// The organisation.
    organisation_id: Id<organisation::Entity>,
    /// The address of the person.
    email: String,
    /// What they are to do there: one role or more.
    roles: Vec<Role>,
    /// The language of the letter; by default that of the owner who asks.
    locale: Option<LocaleCode>,
}

/// A step of an invitation.
#[derive(InputObject)]
struct InvitationStepInput {
    /// Which invitation.
    id: Id<invitation::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// The roles that a member is to have.
#[derive(InputObject)]
struct ChangeMemberRolesInput {
    /// Which membership.
    id: Id<membership::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// All roles from now on: one or more.
    roles: Vec<Role>,
}

/// Which member is to go.
#[derive(InputObject)]
struct RemoveMemberInput {
    /// Which membership.
    id: Id<membership::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// Which organisation the caller leaves.
#[derive(InputObject)]
struct LeaveOrganisationInput {
    /// The organisation.
    organisation_id: Id<organisation::Entity>,
    /// The version of the caller's membership that was read.
    expected_version: i32,
}

payload! {
    /// The invitation that was made.
    InviteMemberPayload { invitation: Invitation }
}
payload! {
    /// The invitation as it is now; `viewer.memberships` has what came of it.
    AcceptInvitationPayload { invitation: Invitation }
}
payload! {
    /// The invitation as it is now.
    DeclineInvitationPayload { invitation: Invitation }
}
payload! {
    /// The invitation as it is now.
    RevokeInvitationPayload { invitation: Invitation }
}
payload! {
    /// The membership as it is now.
    ChangeMemberRolesPayload { membership: Membership }
}
payload! {
    /// The membership as it was when it ended.
    RemoveMemberPayload { membership: Membership }
}
payload! {
    /// The membership as it was when it ended.
    LeaveOrganisationPayload { membership: Membership }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Invites a person by a letter with a one-time link, which is good for 14 days; for owners. To make an OWNER or a SIGNER is refused with
    /// `STEP_UP_REQUIRED` unless the caller proved within five minutes who they are.
    async fn invite_member(&self, ctx: &Context<'_>, input: InviteMemberInput) -> Result<InviteMemberPayload> {
        let InviteMemberInput { organisation_id, email, roles, locale } = input;
        let input = service::Invite { organisation: organisation_id.0, email, roles, locale: locale.map_or(ctx.locale(), Into::into) };
        InviteMemberPayload::answer(ctx, service::invite(ctx.app(), ctx.actor(), input).await, Invitation).await
    }

    /// Accepts an invitation to the caller's confirmed address: they become a member.
    async fn accept_invitation(&self, ctx: &Context<'_>, input: InvitationStepInput) -> Result<AcceptInvitationPayload> {
        let InvitationStepInput { id, expected_version } = input;
        AcceptInvitationPayload::answer(ctx, service::answer(ctx.app(), ctx.actor(), Answer::Accept, id.0, expected_version).await, Invitation).await
    }

    /// Declines an invitation to the caller's confirmed address.
    async fn decline_invitation(&self, ctx: &Context<'_>, input: InvitationStepInput) -> Result<DeclineInvitationPayload> {
        let InvitationStepInput { id, expected_version } = input;
        DeclineInvitationPayload::answer(ctx, service::answer(ctx.app(), ctx.actor(), Answer::Decline, id.0, expected_version).await, Invitation).await
    }

    /// Takes a pending invitation back; for owners.
    async fn revoke_invitation(&self, ctx: &Context<'_>, input: InvitationStepInput) -> Result<RevokeInvitationPayload> {
        let InvitationStepInput { id, expected_version } = input;
        RevokeInvitationPayload::answer(ctx, service::revoke_invitation(ctx.app(), ctx.actor(), id.0, expected_version).await, Invitation).await
    }

    /// Gives a member other roles; for owners. An owner stays. To make them an OWNER or a SIGNER is refused with `STEP_UP_REQUIRED` unless
    /// the caller proved within five minutes who they are.
    async fn change_member_roles(&self, ctx: &Context<'_>, input: ChangeMemberRolesInput) -> Result<ChangeMemberRolesPayload> {
        let ChangeMemberRolesInput { id, expected_version, roles } = input;
        ChangeMemberRolesPayload::answer(ctx, service::change_roles(ctx.app(), ctx.actor(), id.0, expected_version, &roles).await, Membership).await
    }

    /// Ends a membership, which is over at the person's next call; for owners. An owner stays. When an owner goes, pending invitations that would
    /// make an owner or a signer are revoked.
    async fn remove_member(&self, ctx: &Context<'_>, input: RemoveMemberInput) -> Result<RemoveMemberPayload> {
        let RemoveMemberInput { id, expected_version } = input;
        RemoveMemberPayload::answer(ctx, service::remove(ctx.app(), ctx.actor(), id.0, expected_version).await, Membership).await
    }

    /// Ends the caller's own membership. The last owner stays.
    async fn leave_organisation(&self, ctx: &Context<'_>, input: LeaveOrganisationInput) -> Result<LeaveOrganisationPayload> {
        let LeaveOrganisationInput { organisation_id, expected_version } = input;
        LeaveOrganisationPayload::answer(ctx, service::leave(ctx.app(), ctx.actor(), organisation_id.0, expected_version).await, Membership).await
    }
}
