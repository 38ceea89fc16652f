// Made from docs/openapi.json (SHA-256 c02357157272fc371c0c51af8717c24f6007042b13c627f2e3b6f0435ff7e066) by npm run client:types
/** The schemas of the API by name, as the OpenAPI document declares them. `Schemas` is shorter. */
export interface components {
    schemas: {
        /** @enum {string} */
        GrantType: "password" | "refresh_token";
        /** @enum {string} */
        Role: "user" | "admin";
        /** @enum {string} */
        EventType: "user.registered" | "user.created" | "user.imported" | "user.invited" | "user.corrected" | "user.logged_in" | "user.login_failed" | "user.login_refused" | "user.login_slowed" | "user.unslowed" | "user.reauthentication_failed" | "user.password_changed" | "user.password_reset_requested" | "user.password_reset" | "user.email_verified" | "user.email_change_requested" | "user.email_changed" | "user.role_changed" | "user.activated" | "user.deactivated" | "user.deleted" | "session.ended" | "session.shared" | "session.stolen" | "session.refresh_refused" | "mail.withheld" | "mail.given_up" | "signing_key.created" | "signing_key.revoked" | "posts.updated" | "posts.deleted";
        RegisterRequest: {
            name: string;
            /** Format: email */
            email: string;
            /** Format: password */
            password: string;
            age: number;
            /** @default Unknown */
            city?: string | null;
        };
        User: {
            id: number;
            name: string;
            email: string;
            age: number | null;
            city: string;
            role: components["schemas"]["Role"];
            is_active: boolean;
            email_verified: boolean;
            /** Format: date-time */
            created_at: string;
        };
        LoginRequest: {
            /** Format: email */
            email: string;
            /** Format: password */
            password: string;
        };
        Grant: {
            access_token: string;
            /** @constant */
            token_type: "bearer";
            /** @description Seconds for which the access token is valid. */
            expires_in: number;
            refresh_token: string;
            user: components["schemas"]["User"];
        };
        IssueTokensRequest: {
            /** @default password */
            grant_type?: components["schemas"]["GrantType"];
            username?: string;
            password?: string;
            refresh_token?: string;
        };
        Tokens: {
            access_token: string;
            /** @constant */
            token_type: "bearer";
            /** @description Seconds for which the access token is valid. */
            expires_in: number;
            refresh_token: string;
        };
        RefreshRequest: {
            refresh_token: string;
        };
        ForgotPasswordRequest: {
            /** Format: email */
            email: string;
        };
        Message: {
            message: string;
        };
        ResetPasswordRequest: {
            token: string;
            /** Format: password */
            new_password: string;
        };
        VerifyEmailRequest: {
            token: string;
        };
        IntrospectRequest: {
            token?: string;
            token_type_hint?: string;
        };
        Introspection: {
            active: boolean;
            sub?: string;
            username?: string;
            client_id?: string;
            sid?: string;
            iat?: number;
            exp?: number;
        };
        RevokeRequest: {
            token?: string;
            token_type_hint?: string;
        };
        UserList: components["schemas"]["User"][];
        UpdateProfileRequest: {
            name?: string | null;
            age?: number | null;
            city?: string | null;
        };
        ChangePasswordRequest: {
            /** Format: password */
            current_password: string;
            /** Format: password */
            new_password: string;
        };
        ChangeEmailRequest: {
            /** Format: email */
            new_email: string;
            /** Format: password */
            current_password: string;
        };
        Session: {
            id: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_used_at: string;
            /**
             * Format: date-time
             * @description When the session ends if it is not used before.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description When the user proved who they are, by `methods` (RFC 8176).
             */
            authenticated_at: string;
            methods: string[];
            ip: string | null;
            user_agent: string | null;
            /** @description Whether this is the session of the request. */
            current: boolean;
        };
        SessionList: components["schemas"]["Session"][];
        CreateUserRequest: {
            name: string;
            /** Format: email */
            email: string;
            /** @default user */
            role?: components["schemas"]["Role"];
            /** Format: password */
            password?: string;
            /** @default false */
            email_verified?: boolean;
            external_id?: string;
            /** @default null */
            age?: number | null;
            /** @default Unknown */
            city?: string | null;
        };
        CorrectUserRequest: {
            name?: string | null;
            /** Format: email */
            email?: string | null;
            email_verified?: boolean | null;
            age?: number | null;
            city?: string | null;
        };
        ChangeRoleRequest: {
            role: components["schemas"]["Role"];
        };
        AuditEntry: {
            id: number;
            /** Format: date-time */
            at: string;
            type: string;
            /** @description The user who acted. */
            actor_id: number | null;
            /** @description The user whose account it is about. */
            subject_id: number | null;
            ip: string | null;
            user_agent: string | null;
            detail: {
                [key: string]: string | number | boolean;
            };
        };
        AuditEntryList: components["schemas"]["AuditEntry"][];
        CreatePostRequest: {
            title: string;
            content: string;
        };
        Post: {
            id: number;
            title: string;
            content: string;
            published: boolean;
            author_id: number;
            /** Format: date-time */
            created_at: string;
        };
        PostList: components["schemas"]["Post"][];
        PostAuthor: {
            id: number;
            name: string;
            city: string;
        };
        PostWithAuthor: {
            id: number;
            title: string;
            content: string;
            published: boolean;
            author_id: number;
            /** Format: date-time */
            created_at: string;
            author: components["schemas"]["PostAuthor"];
        };
        UpdatePostRequest: {
            title?: string | null;
            content?: string | null;
            published?: boolean | null;
        };
        /**
         * @description What went wrong, for programs.
         * @enum {string}
         */
        ProblemType: "urn:sallyport:problem:validation_failed" | "urn:sallyport:problem:email_taken" | "urn:sallyport:problem:external_id_taken" | "urn:sallyport:problem:password_already_set" | "urn:sallyport:problem:registration_closed" | "urn:sallyport:problem:account_refused" | "urn:sallyport:problem:email_not_verified" | "urn:sallyport:problem:invalid_credentials" | "urn:sallyport:problem:current_password_incorrect" | "urn:sallyport:problem:account_deactivated" | "urn:sallyport:problem:not_authenticated" | "urn:sallyport:problem:invalid_token" | "urn:sallyport:problem:invalid_refresh_token" | "urn:sallyport:problem:invalid_one_time_token" | "urn:sallyport:problem:user_no_longer_exists" | "urn:sallyport:problem:admin_required" | "urn:sallyport:problem:role_required" | "urn:sallyport:problem:system_required" | "urn:sallyport:problem:last_admin" | "urn:sallyport:problem:user_not_found" | "urn:sallyport:problem:session_not_found" | "urn:sallyport:problem:rate_limited" | "urn:sallyport:problem:unavailable" | "urn:sallyport:problem:malformed_request" | "urn:sallyport:problem:foreign_origin" | "urn:sallyport:problem:not_found" | "urn:sallyport:problem:method_not_allowed" | "urn:sallyport:problem:request_timeout" | "urn:sallyport:problem:payload_too_large" | "urn:sallyport:problem:unsupported_media_type" | "urn:sallyport:problem:expectation_failed" | "urn:sallyport:problem:headers_too_large" | "urn:sallyport:problem:internal_error" | "urn:sallyport:problem:not_implemented" | "urn:sallyport:problem:post_not_found" | "urn:sallyport:problem:post_update_denied" | "urn:sallyport:problem:post_delete_denied";
        /** @description Why a request was refused (RFC 9457). */
        Problem: {
            type: components["schemas"]["ProblemType"];
            /** @description The type in words. */
            title: string;
            /** @description The status of the answer. */
            status: number;
            /** @description A sentence that a user may read. */
            detail: string;
            /** @description The id of the request. */
            instance: string;
            /** @description With an invalid input: each field, by a JSON pointer (RFC 6901), and what is wrong with it. */
            errors?: components["schemas"]["InvalidField"][];
        };
        /** @description A field that is missing or invalid. */
        InvalidField: {
            pointer: string;
            detail: string;
        };
        /** @description Why an OAuth endpoint refused a request (RFC 6749, section 5.2). */
        OAuthError: {
            error: components["schemas"]["OAuthErrorCode"];
            error_description: string;
            /** @description The same as `error_description`. */
            detail: string;
        };
        /** @enum {string} */
        OAuthErrorCode: "invalid_request" | "invalid_grant" | "unsupported_grant_type" | "temporarily_unavailable";
    };
    responses: never;
    parameters: {
        /** @description How many items to skip, for a few pages. `after` reaches any page at the same cost. */
        Skip: number;
        /** @description The maximum number of items. */
        Limit: number;
        /** @description The id of the last item of the previous page. */
        After: number;
        /** @description The id of the last session of the previous page. */
        SessionAfter: string;
        /** @description The record to act on. */
        Id: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
/** The operations of the API by name, with their parameters, bodies and successful responses. */
export interface operations {
    /**
     * Register an account (`POST /auth/register`).
     *
     * Mails a link that confirms the address. Log in afterwards: registering opens no session.
     */
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description The result. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Log in with e-mail and password (`POST /auth/login`).
     *
     * Opens a session. An unknown address and a wrong password get the same answer.
     */
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
        };
    };
    /**
     * Exchange a password or a refresh token for tokens (`POST /auth/token`).
     *
     * The token endpoint of OAuth 2.0 (RFC 6749, sections 4.3 and 6), for OAuth clients and the Authorize button of the docs page. The username is the e-mail address. Apps of your own call `login` and `refresh`.
     */
    issueTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IssueTokensRequest"];
                "multipart/form-data": components["schemas"]["IssueTokensRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
        };
    };
    /**
     * Refresh an access token (`POST /auth/refresh`).
     *
     * Exchanges a refresh token for a new grant. The token that was sent gets the same successor for 30 seconds, and after that it ends the session, since it must have been copied.
     */
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
        };
    };
    /**
     * Log out (`POST /auth/logout`).
     *
     * Ends the session of the access token. Its access and refresh tokens become invalid at once.
     */
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Have a link mailed that sets a new password (`POST /auth/forgot-password`).
     *
     * The answer is the same whether or not the address has an account.
     */
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPasswordRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    /**
     * Set a new password by a mailed link (`POST /auth/reset-password`).
     *
     * Takes the token of a reset or an invitation. Every session of the account ends. If the password is refused, the token stays valid.
     */
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPasswordRequest"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Confirm an address by a mailed link (`POST /auth/verify-email`).
     *
     * Takes the token of a new account or of a change of address. A repeat gets the same answer.
     */
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Have the link that confirms your address mailed again (`POST /auth/verify-email/resend`).
     *
     * Does nothing if the address is confirmed.
     */
    resendVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Ask whether a token is valid (`POST /auth/introspect`).
     *
     * Returns whether an access token or a refresh token is valid now, and which user it belongs to (RFC 7662). An invalid token of any kind gets `{"active": false}`.
     */
    introspect: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IntrospectRequest"];
                "multipart/form-data": components["schemas"]["IntrospectRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Introspection"];
                };
            };
        };
    };
    /**
     * Revoke a token and its session (`POST /auth/revoke`).
     *
     * Ends the session that an access token or a refresh token belongs to, so its other tokens become invalid too (RFC 7009). Possession of the token is proof enough. An invalid token counts as revoked.
     */
    revoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RevokeRequest"];
                "multipart/form-data": components["schemas"]["RevokeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * List active users (`GET /users`).
     *
     * Accounts by ascending id. The server may reserve this list for admins.
     */
    listUsers: {
        parameters: {
            query?: {
                /** @description How many items to skip, for a few pages. `after` reaches any page at the same cost. */
                skip?: components["parameters"]["Skip"];
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last item of the previous page. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
        };
    };
    /**
     * Read your account (`GET /users/me`).
     *
     * The account that the access token belongs to, in its current state.
     */
    getProfile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Delete your account (`DELETE /users/me`).
     *
     * The account disappears at once, with everything that belongs to it. The last active admin cannot go.
     */
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Change your profile (`PATCH /users/me`).
     *
     * A field that is absent or null keeps its value. Unknown fields are ignored.
     */
    updateProfile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateProfileRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Change your password (`PATCH /users/me/password`).
     *
     * Ends every session of the account, including this one, and returns the grant of a new one.
     */
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
        };
    };
    /**
     * Deactivate your account (`PATCH /users/me/deactivate`).
     *
     * Every session ends, and logins are refused until an admin activates the account.
     */
    deactivate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Move your account to another address (`POST /users/me/email`).
     *
     * Mails a link to the new address. The change takes effect once the link is used. The answer is the same if the address is taken.
     */
    changeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * List your sessions (`GET /users/me/sessions`).
     *
     * Where you are logged in, the newest session first.
     */
    listSessions: {
        parameters: {
            query?: {
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last session of the previous page. */
                after?: components["parameters"]["SessionAfter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
        };
    };
    /**
     * Log out everywhere (`DELETE /users/me/sessions`).
     *
     * Ends all your sessions, including this one.
     */
    endAllSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * End one of your sessions (`DELETE /users/me/sessions/{id}`).
     *
     * Its access and refresh tokens become invalid at once.
     */
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Read a user (`GET /users/{id}`).
     *
     * Only admins see a deactivated account. The server may reserve this route for admins.
     */
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Search all users (`GET /admin/users`).
     *
     * Accounts by ascending id, including deactivated ones.
     */
    searchUsers: {
        parameters: {
            query?: {
                /** @description How many items to skip, for a few pages. `after` reaches any page at the same cost. */
                skip?: components["parameters"]["Skip"];
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last item of the previous page. */
                after?: components["parameters"]["After"];
                /** @description The beginning of an e-mail address or of any word of a name. Case and accents do not matter. */
                search?: string;
                /** @description Users with this role. */
                role?: components["schemas"]["Role"];
                /** @description Whether the account is active. */
                is_active?: boolean;
                /** @description Whether the address is confirmed. */
                email_verified?: boolean;
                /** @description The id of the account in the system of the host. */
                external_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
        };
    };
    /**
     * Create or invite a user (`POST /admin/users`).
     *
     * Without a password, an invitation is mailed, whose link sets one.
     */
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUserRequest"];
            };
        };
        responses: {
            /** @description The result. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Read any user (`GET /admin/users/{id}`).
     *
     * An account, active or not, with the fields that admins may see.
     */
    getAnyUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Delete a user (`DELETE /admin/users/{id}`).
     *
     * The account disappears at once, with everything that belongs to it.
     */
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Correct an account (`PATCH /admin/users/{id}`).
     *
     * A field that is absent or null keeps its value. A new address counts as unverified unless you say otherwise, and links that were mailed before become invalid.
     */
    correctUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectUserRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Mail an invitation again (`POST /admin/users/{id}/invitation`).
     *
     * For an account that has no password yet.
     */
    inviteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Activate a user (`PATCH /admin/users/{id}/activate`).
     *
     * Sessions that have ended stay ended.
     */
    activateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Deactivate a user (`PATCH /admin/users/{id}/deactivate`).
     *
     * Every session of the account ends, and logins are refused.
     */
    deactivateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * Change a user's role (`PATCH /admin/users/{id}/role`).
     *
     * Takes effect at their next request.
     */
    changeRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRoleRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    /**
     * List the sessions of a user (`GET /admin/users/{id}/sessions`).
     *
     * Where the user is logged in, the newest session first.
     */
    listUserSessions: {
        parameters: {
            query?: {
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last session of the previous page. */
                after?: components["parameters"]["SessionAfter"];
            };
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
        };
    };
    /**
     * End a user's sessions (`DELETE /admin/users/{id}/sessions`).
     *
     * Their access and refresh tokens become invalid at once.
     */
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Mail a user a link that sets a new password (`POST /admin/users/{id}/password-reset`).
     *
     * The password stays valid until the link is used.
     */
    sendPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Read the audit (`GET /admin/audit`).
     *
     * What happened to accounts, sessions and keys, the newest entry first.
     */
    listAudit: {
        parameters: {
            query?: {
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last item of the previous page. */
                after?: components["parameters"]["After"];
                /** @description The user whose account the entries are about. */
                subject_id?: number;
                /** @description The user who acted. */
                actor_id?: number;
                /** @description The type of the event. */
                type?: components["schemas"]["EventType"];
                /** @description The address that the request came from. */
                ip?: string;
                /** @description Entries from this moment on. */
                since?: string | unknown | unknown;
                /** @description Entries before this moment. */
                until?: string | unknown | unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryList"];
                };
            };
        };
    };
    /**
     * List the posts you may read (`GET /posts`).
     *
     * Published posts of active members and, with a token, your own drafts. The newest post comes first.
     */
    listPosts: {
        parameters: {
            query?: {
                /** @description How many items to skip, for a few pages. `after` reaches any page at the same cost. */
                skip?: components["parameters"]["Skip"];
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last item of the previous page. */
                after?: components["parameters"]["After"];
                /** @description Published posts alone, or drafts alone. */
                published?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostList"];
                };
            };
        };
    };
    /**
     * Write a draft (`POST /posts`).
     *
     * Only you and admins see a draft. Publish it by `updatePost`.
     */
    createPost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePostRequest"];
            };
        };
        responses: {
            /** @description The result. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Post"];
                };
            };
        };
    };
    /**
     * List your posts (`GET /posts/my`).
     *
     * Drafts too. The newest post comes first.
     */
    listMyPosts: {
        parameters: {
            query?: {
                /** @description How many items to skip, for a few pages. `after` reaches any page at the same cost. */
                skip?: components["parameters"]["Skip"];
                /** @description The maximum number of items. */
                limit?: components["parameters"]["Limit"];
                /** @description The id of the last item of the previous page. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostList"];
                };
            };
        };
    };
    /**
     * Read a post (`GET /posts/{id}`).
     *
     * With the fields of its author that every reader may see.
     */
    getPost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostWithAuthor"];
                };
            };
        };
    };
    /**
     * Delete a post (`DELETE /posts/{id}`).
     *
     * For its author and admins.
     */
    deletePost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    /**
     * Change, publish or withdraw a post (`PATCH /posts/{id}`).
     *
     * For its author and admins. A field that is absent or null keeps its value.
     */
    updatePost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record to act on. */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePostRequest"];
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Post"];
                };
            };
        };
    };
}
